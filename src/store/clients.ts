import { eq, isNull, and } from 'drizzle-orm';
import type { Permission } from '../domain/viewer.ts';
import { permissions } from '../domain/viewer.ts';
import type { ClientId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { clients } from './schema/clients.ts';

/** A client application as the authorization server needs it. */
export interface ClientRow {
  readonly id: ClientId;
  readonly oauthClientId: string;
  readonly name: string;
  /** argon2id; two may be valid while a secret is rotated. */
  readonly secretHashes: readonly string[];
  readonly permissions: readonly Permission[];
  /** Without it a client token carries user management only. */
  readonly isClientModeAllowed: boolean;
  readonly createdAt: Date;
}

/** The client with this OAuth client id; null when there is none or when it is disabled. */
export async function findEnabledClient(database: Database, oauthClientId: string): Promise<ClientRow | null> {
  const [row] = await database.db
    .select()
    .from(clients)
    .where(and(eq(clients.oauthClientId, oauthClientId), isNull(clients.disabledAt)));
  return row ? { ...row, permissions: permissions.filter((permission) => row.permissions.includes(permission)) } : null;
}

/** Adds a client; false when its OAuth client id is taken. */
export async function insertClient(database: Database, client: ClientRow): Promise<boolean> {
  const added = await database.db
    .insert(clients)
    .values({ ...client, secretHashes: [...client.secretHashes], permissions: [...client.permissions] })
    .onConflictDoNothing({ target: clients.oauthClientId })
    .returning({ id: clients.id });
  return added.length > 0;
}

/** Makes an existing client what is given and enables it; its id and its date of creation stay. */
export async function restoreClient(database: Database, client: ClientRow): Promise<void> {
  await database.db
    .update(clients)
    .set({
      name: client.name,
      secretHashes: [...client.secretHashes],
      permissions: [...client.permissions],
      isClientModeAllowed: client.isClientModeAllowed,
      disabledAt: null,
    })
    .where(eq(clients.oauthClientId, client.oauthClientId));
}

/** Disables a client: no token is issued to it, and those it has are refused. True when it was enabled before. */
export async function disableClient(database: Database, oauthClientId: string, at: Date): Promise<boolean> {
  const disabled = await database.db
    .update(clients)
    .set({ disabledAt: at })
    .where(and(eq(clients.oauthClientId, oauthClientId), isNull(clients.disabledAt)))
    .returning({ id: clients.id });
  return disabled.length > 0;
}
