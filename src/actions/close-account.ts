import { invalidInput, notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { AccountId } from '../kernel/id.ts';
import { findLiveAccount, updateAccount } from '../store/accounts.ts';
import { inUserTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { settleMappings } from './settle-mappings.ts';

/**
 * Writes down that an account which the bank lists no more is none of those that it lists: it is CLOSED, without a
 * failure, and keeps its history. Nobody is asked about it again, and no listed account is taken for it but by its own
 * numbers, which open it again. One that is closed already is left as it is. Failures: NOT_FOUND outside of the scope;
 * VALIDATION_FAILED for one that the bank lists, which only the bank closes. Appends account.updated.
 */
export async function closeAccount(context: ActionContext, scope: Scope, accountId: AccountId): Promise<void> {
  const found = await findLiveAccount(scope, context.database.db, accountId);
  if (!found) throw notFound('account');
  const owner = scopeOfRow(found);
  await inUserTransaction(context.database, owner, async (transaction) => {
    const { tx, append } = transaction;
    const account = await findLiveAccount(owner, tx, accountId);
    if (!account) throw notFound('account');
    if (account.status === 'CLOSED') return;
    if (account.status !== 'NOT_FOUND') {
      const message =
        'The bank still lists this account, so only the bank closes it; accountDelete takes it away here.';
      throw invalidInput([{ path: ['id'], message }]);
    }
    const now = context.clock.now();
    const { connectionId, channelId } = account;
    await updateAccount(owner, tx, accountId, { status: 'CLOSED', failure: null, updatedAt: now });
    const changed = ['status', 'failure'];
    await append(now, { type: 'account.updated', facts: { connectionId, accountId, changed } });
    await settleMappings(transaction, { connectionId, channelId }, now);
    await audit(context, transaction, 'account.close', { connectionId, accountId });
  });
}
