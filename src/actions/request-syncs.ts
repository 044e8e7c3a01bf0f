import type { PsuContext } from '../connectors/connector.ts';
import { Failure, type FailureRecord } from '../domain/failure.ts';
import type { SyncType } from '../domain/sync.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConnectionId, SyncId } from '../kernel/id.ts';
import { listConnectionIds } from '../store/connections.ts';
import type { ActionContext } from './context.ts';
import { requestSync } from './request-sync.ts';

interface RequestSyncsInput {
  readonly type: SyncType;
  readonly psu: PsuContext | null;
}

/** What became of the request for each connection. */
interface RequestedSyncs {
  readonly syncIds: readonly SyncId[];
  readonly refused: readonly { readonly connectionId: ConnectionId; readonly failure: FailureRecord }[];
}

/**
 * Requests a sync of every connection of a user, each on its own: what one refuses keeps nothing from the others. The
 * failures are those of `requestSync`.
 */
export async function requestSyncs(
  context: ActionContext,
  scope: UserScope,
  { type, psu }: RequestSyncsInput,
): Promise<RequestedSyncs> {
  const syncIds: SyncId[] = [];
  const refused: { connectionId: ConnectionId; failure: FailureRecord }[] = [];
  for (const connectionId of await listConnectionIds(scope, context.database.db)) {
    try {
      const input = { connectionId, type, trigger: 'ON_DEMAND', psu } as const;
      // oxlint-disable-next-line no-await-in-loop -- one lock of one user: at once they would only wait for each other
      syncIds.push((await requestSync(context, scope, input)).syncId);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code !== 'NOT_FOUND') refused.push({ connectionId, failure: error.toRecord() });
    }
  }
  return { syncIds, refused };
}
