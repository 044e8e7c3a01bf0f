import type { Viewer } from '../domain/viewer.ts';
import type { ClientId, UserId } from '../kernel/id.ts';
import { unauthenticated } from './request-error.ts';

interface Owned<Filter> {
  clientId: ClientId;
  userId?: UserId;
  AND?: (Filter | { userId: UserId })[];
}

/** A filter that wants all of these; drizzle refuses an empty list of them. */
export function allOf<Filter>(filters: Filter[]): { AND?: Filter[] } {
  return filters.length > 0 ? { AND: filters } : {};
}

/**
 * The one place where roots are scoped: the `where` of every root list and lookup over user data. A user token sees
 * that user's rows, a client token those of the client's users; `userId` narrows further and can never widen, so
 * another's rows are simply not found. Relations join on the user, so what hangs below a root stays in its scope.
 */
export function scoped<Filter extends object>(viewer: Viewer, filter: Filter, userId?: UserId | null): Owned<Filter> {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  return {
    clientId: viewer.clientId,
    ...(viewer.kind === 'user' ? { userId: viewer.userId } : {}),
    ...allOf([...filled(filter), ...(userId ? [{ userId }] : [])]),
  };
}

/** The same for the users themselves. */
export function scopedUsers<Filter extends object>(
  viewer: Viewer,
  filter: Filter,
): { clientId: ClientId; id?: UserId; AND?: Filter[] } {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  return {
    clientId: viewer.clientId,
    ...(viewer.kind === 'user' ? { id: viewer.userId } : {}),
    ...allOf(filled(filter)),
  };
}

function filled<Filter extends object>(filter: Filter): Filter[] {
  return Object.keys(filter).length > 0 ? [filter] : [];
}
