import { Failure } from '../domain/failure.ts';
import { budgetRule, syncOpensAt } from '../domain/unattended-budget.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { listAccounts } from '../store/accounts.ts';
import { listChannels, type ChannelWithDefinition } from '../store/channels.ts';
import { findLivingConsent } from '../store/consents.ts';
import type { UserTransaction } from '../store/log.ts';
import { listSpentCalls } from '../store/unattended-calls.ts';

/**
 * Throws SYNC_BUDGET_EXHAUSTED, with the time from which it goes again, when no channel of the connection may be asked
 * now while the person is away: a sync would find nothing, and is not begun.
 */
export async function refuseBeyondBudget(
  transaction: UserTransaction,
  connectionId: ConnectionId,
  now: Date,
): Promise<void> {
  const { tx, scope } = transaction;
  const channels = await listChannels(scope, tx, { connectionId });
  const open = channels.filter(
    ({ status, sealedSession, sealedCredentials }) =>
      status !== 'EMPTY' && status !== 'ACTION_REQUIRED' && (sealedSession !== null || sealedCredentials !== null),
  );
  if (open.length === 0) return;
  const opensAt: (Date | null)[] = [];
  for (const channel of open) opensAt.push(await channelOpensAt(transaction, channel, now));
  const times = opensAt.filter((at) => at !== null).toSorted((left, right) => left.getTime() - right.getTime());
  const [first] = times;
  if (first && first <= now) return;
  throw new Failure('SYNC_BUDGET_EXHAUSTED', first ? { retryAt: first } : {});
}

async function channelOpensAt(
  { tx, scope }: UserTransaction,
  channel: ChannelWithDefinition,
  now: Date,
): Promise<Date | null> {
  const consent = await findLivingConsent(scope, tx, channel.id);
  const rule = budgetRule(channel.definition, consent?.frequencyPerDay ?? null);
  const ledger = await listSpentCalls(scope, tx, channel.id);
  if (ledger.length === 0) return syncOpensAt(rule, ledger, [], now);
  const accounts = await listAccounts(scope, tx, channel.connectionId);
  const read = accounts.filter(
    ({ channelId, deletedAt, status }) =>
      channelId === channel.id && deletedAt === null && status !== 'CLOSED' && status !== 'SUSPENDED',
  );
  return syncOpensAt(
    rule,
    ledger,
    read.map(({ id }) => id),
    now,
  );
}
