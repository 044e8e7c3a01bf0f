import type { PsuContext } from '../connectors/connector.ts';
import { Failure, notFound } from '../domain/failure.ts';
import type { SyncTrigger, SyncType } from '../domain/sync.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { ConnectionId, SyncId } from '../kernel/id.ts';
import { canSignIn, isReadable, listChannels } from '../store/channels.ts';
import { findConnection, type ConnectionRow } from '../store/connections.ts';
import { listOpenConsents } from '../store/consents.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { isProviderEnabled } from '../store/providers.ts';
import { findOpenSync } from '../store/syncs.ts';
import { audit } from './audit.ts';
import { refuseBeyondBudget } from './check-budget.ts';
import type { ActionContext } from './context.ts';
import { queueSync } from './queue-sync.ts';

interface RequestSyncInput {
  readonly connectionId: ConnectionId;
  readonly type: SyncType;
  readonly trigger: SyncTrigger;
  /** Who waits in front of a screen; null for nobody, and the bank then counts the calls as unattended. */
  readonly psu: PsuContext | null;
  /** False refuses, in place of joining, where a sync is open. */
  readonly canJoin?: boolean;
}

/**
 * Requests a sync, or joins the one that is open (`isNew` false). Failures: NOT_FOUND outside of the scope;
 * SYNC_ALREADY_RUNNING where one is open and may not be joined;
 * SCA_REDIRECT_REQUIRED while the person has not confirmed at the bank; what the connection waits for (such as
 * CONSENT_EXPIRED) when its user must act first, unless he is present and a sync that signs in is the act;
 * SYNC_BUDGET_EXHAUSTED with `retryAt` when nobody is present and the bank allows no more such calls for now; CONFLICT for one that is suspended or closed;
 * CONNECTOR_DISABLED while the operator has switched its provider off.
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
    const now = context.clock.now();
    const open = await findOpenSync(owner, transaction.tx, input.connectionId);
    if (open && input.canJoin === false) throw new Failure('SYNC_ALREADY_RUNNING');
    // What is open already is joined, not asked for anew; and with the person present a bank counts nothing.
    if (!open) {
      if (!(await isProviderEnabled(transaction.tx, connection.providerId))) throw new Failure('CONNECTOR_DISABLED');
      await refuseUnlessReady(transaction, connection, input.psu);
      if (!input.psu) await refuseBeyondBudget(transaction, input.connectionId, now);
    }
    const queued = await queueSync(transaction, now, input);
    // The schedule is no actor; a request that joins an open sync is one all the same.
    if (input.trigger === 'ON_DEMAND') {
      const { connectionId } = input;
      await audit(context, transaction, 'connection.sync', { connectionId, syncId: queued.syncId });
    }
    return queued;
  });
}

async function refuseUnlessReady(
  transaction: UserTransaction,
  connection: ConnectionRow,
  psu: PsuContext | null,
): Promise<void> {
  const { status, failure } = connection;
  switch (status) {
    case 'ACTIVE':
      return;
    case 'AUTHORIZING':
    case 'ACTION_REQUIRED':
      if (await canGoOn(transaction, connection, psu)) return;
      if (failure) throw new Failure(failure.code, { message: failure.message });
      throw new Failure(status === 'AUTHORIZING' ? 'SCA_REDIRECT_REQUIRED' : 'CONSENT_EXPIRED');
    case 'SUSPENDED':
    case 'CLOSED':
      throw new Failure('CONFLICT', { message: `The connection is ${status.toLowerCase()}.` });
  }
}

/**
 * True when a sync is of use all the same: another channel can be read, or the sync signs in and so settles what the
 * connection waits for, with the person there to be asked.
 */
async function canGoOn(
  { tx, scope }: UserTransaction,
  { id: connectionId }: ConnectionRow,
  psu: PsuContext | null,
): Promise<boolean> {
  const channels = await listChannels(scope, tx, { connectionId });
  if (channels.some(isReadable)) return true;
  if (psu === null) return false;
  for (const { id: channelId } of channels.filter(canSignIn)) {
    if ((await listOpenConsents(scope, tx, { channelId })).length > 0) return true;
  }
  return false;
}
