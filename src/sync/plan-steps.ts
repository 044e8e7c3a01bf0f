import { canSignIn, isBySignIn, type ChannelWithDefinition } from '../store/channels.ts';
import type { SyncRow, SyncStepRow } from '../store/syncs.ts';

type NewStep = Pick<SyncStepRow, 'syncId' | 'position' | 'kind' | 'channelId' | 'status'>;

/**
 * The first steps of a sync: for each channel that can be used, its authorisation and its list of accounts. The bank's
 * interface comes before the form of credentials, so that an account of both is the interface's from the start.
 */
export function stepsOf(sync: SyncRow, channels: readonly ChannelWithDefinition[]): NewStep[] {
  const usable = channels.filter((channel) => isUsable(channel, sync.psu !== null));
  const kinds = usable
    .toSorted((left, right) => preferenceOf(left) - preferenceOf(right))
    .flatMap((channel) => [
      {
        channelId: channel.id,
        kind: isBySignIn(channel.definition) ? ('SIGN_IN' as const) : ('CHECK_CONSENT' as const),
      },
      { channelId: channel.id, kind: 'LIST_ACCOUNTS' as const },
    ]);
  return kinds.map((step, index) => ({ ...step, syncId: sync.id, position: index + 1, status: 'PENDING' }));
}

/** Smaller is preferred. */
export function preferenceOf({ kind }: Pick<ChannelWithDefinition, 'kind'>): number {
  return kind === 'REDIRECT' ? 0 : 1;
}

/**
 * A channel whose person must act is left alone while he is away: it could only fail. A password that was refused is
 * never tried again.
 */
function isUsable(channel: ChannelWithDefinition, isAttended: boolean): boolean {
  if (channel.status === 'EMPTY' || (channel.status === 'ACTION_REQUIRED' && !isAttended)) return false;
  return isBySignIn(channel.definition) ? canSignIn(channel) : channel.sealedSession !== null;
}
