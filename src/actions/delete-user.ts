import { notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { deleteUserRow } from '../store/users.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { enqueueRevocations, inTransactionWithRevocations } from './revocations.ts';

/**
 * Deletes a user and all that is his, at once: rows, secrets with the key that opens them, and the e-mail, which is
 * free again. His open consents are revoked at their banks by jobs of the same transaction. Appends user.deleted, which
 * outlives him. Fails with NOT_FOUND for another client's user.
 */
export async function deleteUser(context: ActionContext, scope: UserScope): Promise<void> {
  await inTransactionWithRevocations(context, scope, {}, async (transaction, revocations) => {
    if (!(await deleteUserRow(transaction))) throw notFound('user');
    await enqueueRevocations(transaction.tx, revocations);
    await transaction.append(context.clock.now(), { type: 'user.deleted', facts: {} });
    await audit(context, transaction, 'user.delete');
  });
}
