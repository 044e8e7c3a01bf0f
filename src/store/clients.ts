import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import type { AuthenticationMethod, JsonWebKeySet } from '../domain/client-authentication.ts';
import { permissions, type Permission } from '../domain/viewer.ts';
import type { ClientId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import type { Executor } from './scope.ts';
import { clients } from './schema/clients.ts';

/** How a client or an application proves who it is. */
export interface AuthenticationRow {
  readonly authenticationMethod: AuthenticationMethod;
  /** argon2id, the newest first. */
  readonly secretHashes: readonly string[];
  /** Until when the hashes after the first are valid too; null: they are not. */
  readonly oldSecretsExpireAt: Date | null;
  readonly jwks: JsonWebKeySet | null;
  readonly tlsSubjectDn: string | null;
}

/** What an operator decides about a client. */
export interface ClientSettings {
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** Without it a client token carries user management only. */
  readonly isClientModeAllowed: boolean;
  /** Where a bank's return may send the browser in the end; null: anywhere. */
  readonly redirectUrls: readonly string[] | null;
  readonly widgetOrigins: readonly string[];
  /** The slugs of the providers that it may see and link; null: all. */
  readonly providerSlugs: readonly string[] | null;
  readonly webhooksMax: number;
  /** Whether its users must have accepted the current version before they link a bank. */
  readonly mustAcceptTerms: boolean;
  readonly termsVersion: string;
  /** Where a person reads them; null: the client shows them itself. */
  readonly termsUrl: string | null;
}

/** A client application as the authorization server needs it. */
export interface ClientRow extends ClientSettings, AuthenticationRow {
  readonly id: ClientId;
  readonly oauthClientId: string;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** The pool, or the transaction of whoever has more to do. */
type Holder = Readonly<{ db: Executor }>;

/** A new client; what is absent is as the table has it by default. */
export type NewClient = Pick<ClientRow, 'id' | 'oauthClientId' | 'name' | 'permissions' | 'createdAt'> &
  Partial<ClientRow>;

function toRow(row: typeof clients.$inferSelect): ClientRow {
  return { ...row, permissions: knownPermissions(row.permissions) };
}

/** Those of the stored texts that are permissions today. */
export function knownPermissions(stored: readonly string[]): Permission[] {
  return permissions.filter((permission) => stored.includes(permission));
}

/** The client with this OAuth client id; null when there is none or when it is disabled. */
export async function findEnabledClient(database: Database, oauthClientId: string): Promise<ClientRow | null> {
  const client = await findClient(database.db, oauthClientId);
  return client?.disabledAt === null ? client : null;
}

/** The client with this OAuth client id, disabled or not. */
export async function findClient(db: Executor, oauthClientId: string): Promise<ClientRow | null> {
  const [row] = await db.select().from(clients).where(eq(clients.oauthClientId, oauthClientId));
  return row ? toRow(row) : null;
}

/** The client with this id, disabled or not. */
export async function findClientById(database: Database, id: ClientId): Promise<ClientRow | null> {
  const [row] = await database.db.select().from(clients).where(eq(clients.id, id));
  return row ? toRow(row) : null;
}

/** All clients, the oldest first. */
export async function listClients(database: Database): Promise<readonly ClientRow[]> {
  const rows = await database.db.select().from(clients).orderBy(asc(clients.createdAt), asc(clients.id));
  return rows.map(toRow);
}

/** Adds a client; false when its OAuth client id is taken. */
export async function insertClient(database: Holder, client: NewClient): Promise<boolean> {
  const added = await database.db
    .insert(clients)
    .values(toColumns(client))
    .onConflictDoNothing({ target: clients.oauthClientId })
    .returning({ id: clients.id });
  return added.length > 0;
}

/** Changes what is given of a client; false when there is none with this OAuth client id. */
export async function updateClientRow(
  db: Executor,
  oauthClientId: string,
  change: Partial<ClientSettings & AuthenticationRow>,
): Promise<boolean> {
  const changed = await db
    .update(clients)
    .set(toColumns(change))
    .where(eq(clients.oauthClientId, oauthClientId))
    .returning({ id: clients.id });
  return changed.length > 0;
}

/** Drizzle wants arrays that may be changed. */
function toColumns<Change extends Partial<ClientSettings & AuthenticationRow>>(change: Change) {
  const { permissions: allowed, secretHashes, redirectUrls, widgetOrigins, providerSlugs, ...rest } = change;
  return {
    ...rest,
    ...(allowed ? { permissions: [...allowed] } : {}),
    ...(secretHashes ? { secretHashes: [...secretHashes] } : {}),
    ...(redirectUrls === undefined ? {} : { redirectUrls: redirectUrls && [...redirectUrls] }),
    ...(widgetOrigins ? { widgetOrigins: [...widgetOrigins] } : {}),
    ...(providerSlugs === undefined ? {} : { providerSlugs: providerSlugs && [...providerSlugs] }),
  };
}

/** Makes an existing client what is given and enables it; its id and its date of creation stay. */
export async function restoreClient(database: Holder, client: NewClient): Promise<void> {
  const { id: _id, createdAt: _createdAt, oauthClientId, ...change } = client;
  await updateClientRow(database.db, oauthClientId, change);
  await enableClient(database, oauthClientId);
}

/** Disables a client: no token is issued to it, and those it has are refused. True when it was enabled before. */
export async function disableClient(database: Holder, oauthClientId: string, at: Date): Promise<boolean> {
  const disabled = await database.db
    .update(clients)
    .set({ disabledAt: at })
    .where(and(eq(clients.oauthClientId, oauthClientId), isNull(clients.disabledAt)))
    .returning({ id: clients.id });
  return disabled.length > 0;
}

/** Enables a client again. True when it was disabled before. */
export async function enableClient(database: Holder, oauthClientId: string): Promise<boolean> {
  const enabled = await database.db
    .update(clients)
    .set({ disabledAt: null })
    .where(and(eq(clients.oauthClientId, oauthClientId), isNotNull(clients.disabledAt)))
    .returning({ id: clients.id });
  return enabled.length > 0;
}
