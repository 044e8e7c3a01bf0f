import type { ClientId, UserId } from '../kernel/id.ts';

/** What a token may allow. Each operation names the one it needs. */
export const permissions = [
  'users_manage',
  'users_read',
  'accounts_read',
  'accounts_manage',
  'connections_read',
  'connections_manage',
  'connections_sync',
  'transactions_read',
  'transactions_manage',
  'events_read',
  'webhooks_manage',
] as const;
export type Permission = (typeof permissions)[number];

/** Who asks: a client acting for any of its users, one user, or nobody (introspection needs no token). */
export type Viewer =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'client'; readonly clientId: ClientId; readonly permissions: ReadonlySet<Permission> }
  | {
      readonly kind: 'user';
      readonly clientId: ClientId;
      readonly userId: UserId;
      readonly permissions: ReadonlySet<Permission>;
    };

// Classes that are not exported, with a protected member: no literal and no spread has this type, so a scope exists only
// where a function below has made it from a viewer or from a row.
class BornScope {
  declare protected readonly born: never;
  readonly clientId: ClientId;
  readonly userId?: UserId;

  constructor(clientId: ClientId) {
    this.clientId = clientId;
  }
}

class BornUserScope extends BornScope {
  override readonly userId: UserId;

  constructor(clientId: ClientId, userId: UserId) {
    super(clientId);
    this.userId = userId;
  }
}

/**
 * Whose rows a statement may touch. Every function of the store that reads or writes a user's data takes one as its
 * first argument: without `userId` it spans the users of the client, never more.
 */
export interface Scope extends BornScope {
  readonly clientId: ClientId;
}

/** A scope that is one user's, which every write of user data needs. */
export interface UserScope extends BornUserScope {
  readonly userId: UserId;
}

/** What a row of user data says of its owner. */
interface Owned {
  readonly clientId: ClientId;
  readonly userId: UserId;
}

/** True for a scope that is one user's. */
export function isUserScope(scope: Scope): scope is UserScope {
  return scope.userId !== undefined;
}

/**
 * The scope of a viewer, narrowed to `userId` where given; null for nobody, and null for a user who names another one
 * (the caller answers NOT_FOUND: whether that other user exists is not his to know).
 */
export function scopeOf(viewer: Viewer, userId?: UserId | null): Scope | null {
  switch (viewer.kind) {
    case 'anonymous':
      return null;
    case 'client':
      return userId ? new BornUserScope(viewer.clientId, userId) : new BornScope(viewer.clientId);
    case 'user':
      return userId && userId !== viewer.userId ? null : new BornUserScope(viewer.clientId, viewer.userId);
  }
}

/** The scope of a viewer who is a user; null for any other. */
export function ownScopeOf(viewer: Viewer): UserScope | null {
  return viewer.kind === 'user' ? new BornUserScope(viewer.clientId, viewer.userId) : null;
}

/**
 * The scope of the user whom a stored row belongs to, for jobs and for what was found within a wider scope. The row's
 * two ids fit together because the database makes them (every table of user data refers to users by both). Who calls
 * it is listed in test/conventions/scopes.test.ts: a new caller is a decision.
 */
export function scopeOfRow({ clientId, userId }: Owned): UserScope {
  return new BornUserScope(clientId, userId);
}

/** The scope of whoever owns something that a client has set up, such as a webhook: one user, or the whole client. */
export function scopeOfOwner({
  clientId,
  userId,
}: {
  readonly clientId: ClientId;
  readonly userId: UserId | null;
}): Scope {
  return userId ? new BornUserScope(clientId, userId) : new BornScope(clientId);
}

/** True when the viewer's token carries this permission. */
export function isAllowed(viewer: Viewer, permission: Permission): boolean {
  return viewer.kind !== 'anonymous' && viewer.permissions.has(permission);
}
