import { notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { AccountId } from '../kernel/id.ts';
import { findLiveAccount } from '../store/accounts.ts';
import type { ActionContext } from './context.ts';
import { eraseAccounts } from './erase-accounts.ts';

/**
 * Erases an account with its transactions. No sync brings it back but one of type LIST_ACCOUNTS, which gives it the
 * same id. What hangs on its last account goes too (`eraseAccounts`). Failure: NOT_FOUND outside of the scope, and for
 * one that is deleted already.
 */
export async function deleteAccount(context: ActionContext, scope: Scope, accountId: AccountId): Promise<void> {
  const found = await findLiveAccount(scope, context.database.db, accountId);
  if (!found) throw notFound('account');
  await eraseAccounts(context, scopeOfRow(found), found.connectionId, (living) => {
    const account = living.find(({ id }) => id === accountId);
    if (!account) throw notFound('account');
    return [account];
  });
}
