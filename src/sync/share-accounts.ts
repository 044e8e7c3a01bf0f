import type { BankAccount } from '../domain/bank-snapshot.ts';
import type { AccountRow } from '../store/accounts.ts';
import type { ChannelRow } from '../store/channels.ts';
import { matchAcrossChannels, type AccountMatching } from './match-accounts.ts';
import { preferenceOf } from './plan-steps.ts';

interface Sharing {
  /** Known accounts that this channel reads from now on. */
  readonly taken: AccountMatching['known'];
  /** Accounts that no channel knew. */
  readonly created: AccountMatching['created'];
}

/**
 * Which channel reads what both show: the bank's interface rather than the form of credentials, since it is what the
 * bank vouches for and wants no password; and whichever shows it when the other cannot, because its person must act, its
 * last account was deleted, or it no longer lists this one. A channel that only fails for now keeps its accounts: to and
 * fro would set the same transactions against each other in two texts.
 */
export function shareAccounts(
  channel: ChannelRow,
  channels: readonly ChannelRow[],
  { others, listed }: { readonly others: readonly AccountRow[]; readonly listed: readonly BankAccount[] },
): Sharing {
  const { known, created } = matchAcrossChannels(others, listed);
  const taken = known.filter(({ account }) => {
    const owner = channels.find(({ id }) => id === account.channelId);
    const isIdle = !owner || owner.status === 'ACTION_REQUIRED' || owner.status === 'EMPTY';
    return isIdle || account.status === 'NOT_FOUND' || preferenceOf(channel) < preferenceOf(owner);
  });
  return { taken, created };
}
