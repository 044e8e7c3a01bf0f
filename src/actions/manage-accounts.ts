import { Failure, invalidInput, notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { AccountId, ConnectionId } from '../kernel/id.ts';
import { findConnection } from '../store/connections.ts';
import type { ActionContext } from './context.ts';
import { eraseAccounts } from './erase-accounts.ts';

interface ManageAccountsInput {
  readonly connectionId: ConnectionId;
  /** The accounts that the person keeps sharing; at least one. */
  readonly accountIds: readonly AccountId[];
}

/**
 * Keeps these accounts of a connection and erases the others; gives the ids of those that went. A LIST_ACCOUNTS sync
 * brings them back. Failures: NOT_FOUND for a connection, or one of the accounts, outside of the scope (nothing is
 * erased then); VALIDATION_FAILED for an empty list, because leaving the bank altogether is deleting the connection.
 */
export async function manageAccounts(
  context: ActionContext,
  scope: Scope,
  { connectionId, accountIds }: ManageAccountsInput,
): Promise<readonly AccountId[]> {
  if (accountIds.length === 0) {
    const message = 'Name at least one account; to keep none, delete the connection.';
    throw invalidInput([{ path: ['accountIds'], message }]);
  }
  const found = await findConnection(scope, context.database.db, connectionId);
  if (!found) throw notFound('connection');
  const erased = await eraseAccounts(context, scopeOfRow(found), connectionId, (living) => {
    const known = new Set(living.map((account) => account.id));
    const unknown = accountIds.flatMap((id, index) => (known.has(id) ? [] : [index]));
    if (unknown.length > 0) {
      const message = 'No such account of this connection.';
      throw new Failure('NOT_FOUND', {
        message,
        issues: unknown.map((index) => ({ path: ['accountIds', index], message })),
      });
    }
    return living.filter((account) => !accountIds.includes(account.id));
  });
  return erased.map((account) => account.id);
}
