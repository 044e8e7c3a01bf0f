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

/**
 * Whose rows a statement may touch. Every function of the store that reads or writes a user's data takes one as its
 * first argument: without `userId` it spans the users of the client, never more.
 */
export interface Scope {
  readonly clientId: ClientId;
  readonly userId?: UserId;
}

/** A scope that is one user's, which every write of user data needs. */
export interface UserScope extends Scope {
  readonly userId: UserId;
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
      return userId ? { clientId: viewer.clientId, userId } : { clientId: viewer.clientId };
    case 'user':
      return userId && userId !== viewer.userId ? null : { clientId: viewer.clientId, userId: viewer.userId };
  }
}

/** True when the viewer's token carries this permission. */
export function isAllowed(viewer: Viewer, permission: Permission): boolean {
  return viewer.kind !== 'anonymous' && viewer.permissions.has(permission);
}
