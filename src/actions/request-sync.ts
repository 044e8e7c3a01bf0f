import type { PsuContext } from '../connectors/connector.ts';
import { Failure, notFound } from '../domain/failure.ts';
import type { SyncTrigger, SyncType } from '../domain/sync.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { ConnectionId, SyncId } from '../kernel/id.ts';
import { findConnection, type ConnectionRow } from '../store/connections.ts';
import { inUserTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { queueSync } from './queue-sync.ts';

interface RequestSyncInput {
  readonly connectionId: ConnectionId;
  readonly type: SyncType;
  readonly trigger: SyncTrigger;
  /** Who waits in front of a screen; null for nobody, and the bank then counts the calls as unattended. */
  readonly psu: PsuContext | null;
}

/**
 * Requests a sync, or joins the one that is open (`isNew` false). Failures: NOT_FOUND outside of the scope;
 * SCA_REDIRECT_REQUIRED while the person has not confirmed at the bank; what the connection waits for (such as
 * CONSENT_EXPIRED) when its user must act first; CONFLICT for one that is suspended or closed.
 */
export async function requestSync(
  context: ActionContext,
  scope: Scope,
  input: RequestSyncInput,
): Promise<{ syncId: SyncId; isNew: boolean }> {
  const found = await findConnection(scope, context.database.db, input.connectionId);
  if (!found) throw notFound('connection');
  const owner = scopeOfRow(found);
  return inUserTransaction(context.database, owner, async (transaction) => {
    const connection = await findConnection(owner, transaction.tx, input.connectionId);
    if (!connection) throw notFound('connection');
    refuseUnlessReady(connection);
    const queued = await queueSync(transaction, context.clock.now(), input);
    // The schedule is no actor; a request that joins an open sync is one all the same.
    if (input.trigger === 'ON_DEMAND') {
      const { connectionId } = input;
      await audit(context, transaction, 'connection.sync', { connectionId, syncId: queued.syncId });
    }
    return queued;
  });
}

function refuseUnlessReady(connection: ConnectionRow): void {
  const { status, failure } = connection;
  switch (status) {
    case 'ACTIVE':
      return;
    case 'AUTHORIZING':
      throw new Failure('SCA_REDIRECT_REQUIRED');
    case 'ACTION_REQUIRED':
      throw failure ? new Failure(failure.code, { message: failure.message }) : new Failure('CONSENT_EXPIRED');
    case 'SUSPENDED':
    case 'CLOSED':
      throw new Failure('CONFLICT', { message: `The connection is ${status.toLowerCase()}.` });
  }
}
