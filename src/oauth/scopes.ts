import { permissions, type Permission } from '../domain/viewer.ts';
import type { ClientRow } from '../store/clients.ts';

/** Whom a token speaks for; also the value of its `subject_kind` claim. */
export const subjectKinds = ['client', 'user'] as const;
export type SubjectKind = (typeof subjectKinds)[number];

/** Without client mode a client manages users, and reaches their data only by their own tokens. */
const userManagement: readonly Permission[] = ['users_manage', 'users_read'];

/** A user neither manages users nor receives webhooks: these are the client's. */
const ofClientsOnly: readonly Permission[] = ['users_manage', 'webhooks_manage'];

/** All that a token of this client may carry. */
export function grantable(client: Pick<ClientRow, 'permissions' | 'isClientModeAllowed'>, kind: SubjectKind) {
  return client.permissions.filter((permission) =>
    kind === 'user'
      ? !ofClientsOnly.includes(permission)
      : client.isClientModeAllowed || userManagement.includes(permission),
  );
}

export type NarrowedScope =
  | { readonly permissions: readonly Permission[]; readonly refused: null }
  | { readonly permissions: null; readonly refused: string };

/**
 * The scope of a token: what was asked for, or all that may be had when nothing was. One value that is unknown or not
 * to be had refuses the whole (RFC 6749, 3.3 allows to narrow instead; a client should rather learn of its mistake).
 */
export function narrowScope(requested: string | undefined, available: readonly Permission[]): NarrowedScope {
  const asked = requested === undefined ? available : requested.split(' ').filter((scope) => scope !== '');
  const refused = asked.find((scope) => !(available as readonly string[]).includes(scope));
  if (refused !== undefined) return { permissions: null, refused };
  return { permissions: permissions.filter((permission) => asked.includes(permission)), refused: null };
}
