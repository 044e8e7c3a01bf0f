import { Failure, notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { eraseConnection, findConnection } from '../store/connections.ts';
import { listOpenConsents } from '../store/consents.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { enqueueRevocations, inTransactionWithRevocations, revokedBy } from './revocations.ts';

/**
 * Erases a connection with all that hangs on it: accounts, transactions, secrets. The consents end here at once, and
 * at the bank by a job of the same transaction. A sync under way finds its lease gone and stops. Failure: NOT_FOUND.
 */
export async function deleteConnection(
  context: ActionContext,
  scope: Scope,
  connectionId: ConnectionId,
): Promise<void> {
  const found = await findConnection(scope, context.database.db, connectionId);
  if (!found) throw notFound('connection');
  const owner = scopeOfRow(found);
  await inTransactionWithRevocations(context, owner, { connectionId }, async (transaction, revocations) => {
    const { tx, append } = transaction;
    const now = context.clock.now();
    const consents = await listOpenConsents(owner, tx, { connectionId });
    if (!(await eraseConnection(owner, tx, connectionId))) throw notFound('connection');
    await enqueueRevocations(tx, revocations);
    const failure = new Failure(revokedBy(context)).toRecord();
    for (const { id: consentId, channelId } of consents) {
      await append(now, { type: 'consent.revoked', facts: { connectionId, channelId, consentId, failure } });
    }
    await append(now, { type: 'connection.deleted', facts: { connectionId } });
    await audit(context, transaction, 'connection.delete', { connectionId });
  });
}
