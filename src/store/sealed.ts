import { sql, type SQL } from 'drizzle-orm';
import { scopeOfRow, type UserScope } from '../domain/viewer.ts';
import { isId, parseId, type UserId } from '../kernel/id.ts';
import { dataKeys } from './schema/clients.ts';
import { revocationSealContext } from './jobs.ts';
import { webhookSealContext } from './webhooks.ts';
import type { Db } from './database.ts';

interface StoredDataKey {
  readonly keyId: string;
  readonly wrappedKey: Uint8Array;
}

/** How many users' data keys another key than this one wraps. */
export async function countDataKeysNotUnder(db: Db, currentId: string): Promise<number> {
  return db.$count(dataKeys, sql`${dataKeys.keyId} <> ${currentId}`);
}

/** Data keys of all clients that another key wraps, in the order of their users. */
export async function dataKeysNotUnder(
  db: Db,
  currentId: string,
  { after, limit }: { after: UserId | null; limit: number },
): Promise<(StoredDataKey & { readonly scope: UserScope })[]> {
  const rows = await db
    .select()
    .from(dataKeys)
    .where(sql`${dataKeys.keyId} <> ${currentId} and ${dataKeys.userId} > ${after ?? ''}`)
    .orderBy(dataKeys.userId)
    .limit(limit);
  return rows.map(({ keyId, wrappedKey, ...owner }) => ({ keyId, wrappedKey, scope: scopeOfRow(owner) }));
}

/** Puts a data key wrapped anew in the place of the one that was read; nothing when that one has changed or gone. */
export async function replaceDataKey(db: Db, scope: UserScope, read: StoredDataKey, now: StoredDataKey): Promise<void> {
  await db.execute(sql`
    update ${dataKeys} set key_id = ${now.keyId}, wrapped_key = ${now.wrappedKey}
    where user_id = ${scope.userId} and client_id = ${scope.clientId}
      and key_id = ${read.keyId} and wrapped_key = ${read.wrappedKey}`);
}

/** A place where secrets of the house are kept: those of users need no rotation, for their data keys have it. */
export interface HouseSecrets {
  readonly name: string;
  readonly table: string;
  readonly column: string;
  readonly idColumn: string;
  /** The sealed bytes, and how they are set. */
  readonly sealed: SQL;
  readonly assign: (sealed: Uint8Array) => SQL;
  readonly contextOf: (id: string) => string;
}

function column(
  name: string,
  table: string,
  columnName: string,
  idColumn: string,
  contextOf: HouseSecrets['contextOf'],
) {
  const sealed = sql.identifier(columnName);
  const assign = (bytes: Uint8Array) => sql`${sealed} = ${bytes}`;
  return { name, table, column: columnName, idColumn, sealed: sql`${sealed}`, assign, contextOf };
}

function ofWebhook(what: Parameters<typeof webhookSealContext>[1]) {
  return (id: string) => webhookSealContext(known(parseId('webhook', id)), what);
}

function known<Found>(id: Found | null): Found {
  if (id === null) throw new Error('A row of secrets has no id of its kind.');
  return id;
}

/** Every place where something is sealed for the house; a test finds the columns that are missing here. */
export const houseSecrets: readonly HouseSecrets[] = [
  column('signing keys', 'oauth_keys', 'sealed_private_jwk', 'kid', (kid) => `oauth_keys.sealed_private_jwk:${kid}`),
  column('webhook secrets', 'webhooks', 'sealed_secret', 'id', ofWebhook('secret')),
  column('former webhook secrets', 'webhooks', 'sealed_previous_secret', 'id', ofWebhook('secret')),
  column('webhook certificates', 'webhooks', 'sealed_client_certificate', 'id', ofWebhook('client_certificate')),
  {
    name: 'consents to revoke',
    table: 'graphile_worker._private_jobs',
    column: 'payload',
    idColumn: `payload ->> 'consentId'`,
    sealed: sql`decode(translate(payload ->> 'sealedSession', '-_', '+/') || repeat('=', (4 - length(payload ->> 'sealedSession') % 4) % 4), 'base64')`,
    assign: (bytes) =>
      sql`payload = (payload::jsonb || jsonb_build_object('sealedSession', ${Buffer.from(bytes).toString('base64url')}::text))::json`,
    contextOf: (id) => revocationSealContext(known(isId('consent', id) ? id : null)),
  },
];

function isOutdated(of: HouseSecrets, currentId: string): SQL {
  return sql`${of.sealed} is not null
    and substring(${of.sealed} from 2 for get_byte(${of.sealed}, 0)) <> convert_to(${currentId}, 'UTF8')`;
}

/** The secrets of this place that another key than this one has sealed. */
export async function secretsNotUnder(
  db: Db,
  of: HouseSecrets,
  currentId: string,
): Promise<{ id: string; sealed: Uint8Array }[]> {
  const rows = await db.execute<{ id: string; sealed: Uint8Array }>(sql`
    select ${sql.raw(of.idColumn)} as id, ${of.sealed} as sealed from ${sql.raw(of.table)}
    where ${isOutdated(of, currentId)}`);
  return [...rows];
}

/** Puts a secret sealed anew in the place of the one that was read; nothing when that one has changed or gone. */
export async function replaceSecret(
  db: Db,
  of: HouseSecrets,
  read: { id: string; sealed: Uint8Array },
  sealed: Uint8Array,
): Promise<void> {
  await db.execute(sql`
    update ${sql.raw(of.table)} set ${of.assign(sealed)}
    where ${sql.raw(of.idColumn)} = ${read.id} and ${of.sealed} = ${read.sealed}`);
}
