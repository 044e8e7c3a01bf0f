import { failureOfMissing } from '../domain/account-identity.ts';
import type { ChannelId, ConnectionId } from '../kernel/id.ts';
import { listAccounts, updateAccount } from '../store/accounts.ts';
import type { UserTransaction } from '../store/log.ts';

/**
 * Lets the accounts of a channel that were not found say anew why, after one of those that they might have been is
 * somebody else: nobody is asked what there is nothing left to choose from.
 */
export async function settleMappings(
  { tx, scope, append }: UserTransaction,
  { connectionId, channelId }: { readonly connectionId: ConnectionId; readonly channelId: ChannelId },
  now: Date,
): Promise<void> {
  const living = (await listAccounts(scope, tx, connectionId)).filter(
    (account) => account.channelId === channelId && account.deletedAt === null,
  );
  for (const account of living.filter(({ status }) => status === 'NOT_FOUND')) {
    const failure = failureOfMissing(account, living);
    if (account.failure?.code === failure.code) continue;
    await updateAccount(scope, tx, account.id, { failure, updatedAt: now });
    const facts = { connectionId, accountId: account.id, changed: ['failure'] };
    await append(now, { type: 'account.updated', facts });
  }
}
