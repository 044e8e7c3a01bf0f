import { Failure, notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { listOpenConsents } from '../store/consents.ts';
import { inUserTransaction } from '../store/log.ts';
import { deleteUserRow } from '../store/users.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { enqueueRevocations, prepareRevocations } from './revocations.ts';

const attemptsMax = 5;

/**
 * Deletes a user and all that is his, at once: rows, secrets with the key that opens them, and the e-mail, which is
 * free again. His open consents are revoked at their banks by jobs of the same transaction. Appends user.deleted, which
 * outlives him. Fails with NOT_FOUND for another client's user.
 */
export async function deleteUser(context: ActionContext, scope: UserScope): Promise<void> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    if (await tryToDelete(context, scope)) return;
  }
  throw new Failure('CONFLICT', { message: 'The consents of this user keep changing. Try again.' });
}

/**
 * The bank sessions are opened before the transaction, which must not wait for a second connection of the pool. False
 * when a consent has come, gone or got another session meanwhile, since its access would survive at the bank.
 */
async function tryToDelete(context: ActionContext, scope: UserScope): Promise<boolean> {
  const { database, clock } = context;
  const before = await openConsents(scope, database.db);
  const revocations = await prepareRevocations(context, scope);
  return inUserTransaction(database, scope, async (transaction) => {
    const { tx } = transaction;
    if ((await openConsents(scope, tx)) !== before) return false;
    if (!(await deleteUserRow(transaction))) throw notFound('user');
    await enqueueRevocations(tx, revocations);
    await transaction.append(clock.now(), { type: 'user.deleted', facts: {} });
    await audit(context, transaction, 'user.delete');
    return true;
  });
}

async function openConsents(...[scope, db]: Parameters<typeof listOpenConsents>): Promise<string> {
  const consents = await listOpenConsents(scope, db);
  return consents.map(({ id, status, updatedAt }) => `${id} ${status} ${updatedAt.toISOString()}`).join('\n');
}
