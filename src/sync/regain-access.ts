import type { Failure } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { channelSealContext, isBySignIn, updateChannel } from '../store/channels.ts';
import { findConsent, isOpenConsent } from '../store/consents.ts';
import { callBank } from './call-bank.ts';
import { openLine } from './channel-access.ts';
import { openSignIn } from './open-sign-in.ts';
import { usableSession } from './renew-session.ts';
import { commit, type Run } from './run.ts';

/** How connectors tell that the bank no longer takes the session. */
const sessionLost: readonly FailureCode[] = ['SCA_REQUIRED', 'CONSENT_EXPIRED'];

/**
 * Whether there is a new session after the bank refused the one of this step: renewed by its tokens, or by signing in
 * again where the bank asks nothing for that. False leaves everything as it was.
 */
export async function regainAccess(
  run: Run,
  { kind, channelId }: Pick<SyncStepRow, 'kind' | 'channelId'>,
  failure: Failure,
): Promise<boolean> {
  const isRead = kind === 'LIST_ACCOUNTS' || kind === 'READ_ACCOUNT';
  if (!channelId || !isRead || !sessionLost.includes(failure.code)) return false;
  const line = await openLine(run, channelId);
  if (!isBySignIn(line.channel.definition)) {
    const read = line.channel.sealedSession;
    return read !== null && (await usableSession(run, line, read)).sealedSession !== read;
  }
  const { signIn, call, request, consent } = await openSignIn(run, channelId);
  const state = await callBank(run, () => signIn.begin({ ...call, psu: null }, request));
  if (state.status !== 'SIGNED_IN') return false;
  const sealedSession = await run.context.vault.seal(run.scope, channelSealContext(channelId), state.session);
  await commit(run, async ({ tx }, now) => {
    // Withdrawn while the bank was asked: its secrets are erased and stay so, and the step says why it has no access.
    const current = await findConsent(run.scope, tx, consent.id);
    if (!current || !isOpenConsent(current)) return;
    await updateChannel(run.scope, tx, channelId, { sealedSession, updatedAt: now });
  });
  return true;
}
