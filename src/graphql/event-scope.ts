import { scopeOf, scopeOfRow, type Scope } from '../domain/viewer.ts';
import { notFound } from '../domain/failure.ts';
import type { ConnectionId } from '../kernel/id.ts';
import type { GraphqlContext } from './context.ts';
import { readId } from './global-id.ts';
import { unauthenticated } from './request-error.ts';
import { scoped, scopedUsers } from './scope.ts';

interface Narrowing {
  readonly userId?: string | null | undefined;
  readonly connectionId?: string | null | undefined;
}

/** Which stream of the log a field reads. */
export interface EventScope {
  readonly scope: Scope;
  readonly connectionId?: ConnectionId;
}

/**
 * The viewer's stream, narrowed by the ids in the arguments. What does not exist for this viewer is NOT_FOUND: silence
 * would look like a stream in which nothing happens.
 */
export async function eventScope({ viewer, db }: GraphqlContext, args: Narrowing): Promise<EventScope> {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  const userId = args.userId ? readId('User', args.userId, 'userId') : null;
  const connectionId = args.connectionId ? readId('Connection', args.connectionId, 'connectionId') : null;
  const scope = scopeOf(viewer, userId);
  if (!scope) throw notFound('user');
  if (userId && viewer.kind === 'client') {
    const user = await db.query.users.findFirst({ columns: { id: true }, where: scopedUsers(viewer, { id: userId }) });
    if (!user) throw notFound('user');
  }
  if (!connectionId) return { scope };
  const connection = await db.query.connections.findFirst({
    columns: { clientId: true, userId: true },
    where: scoped(viewer, { id: connectionId }, userId),
  });
  if (!connection) throw notFound('connection');
  // Its events are all in its user's stream, which need not wait for other users' transactions.
  return { scope: scopeOfRow(connection), connectionId };
}
