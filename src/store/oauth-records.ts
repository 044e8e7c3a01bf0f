import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { ApplicationId, ClientId, UserId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { applications, clients, users } from './schema/clients.ts';
import { oauthRecords } from './schema/oauth.ts';

/** What the authorization server keeps, under its own model names; the payload is its own. */
export interface OauthRecord {
  readonly model: string;
  readonly id: string;
  readonly grantId: string | null;
  readonly uid: string | null;
  /** The user whom it speaks for. */
  readonly accountId: string | null;
  readonly payload: Record<string, unknown>;
  readonly expiresAt: Date | null;
}

export interface FoundOauthRecord {
  readonly payload: Record<string, unknown>;
  readonly consumedAt: Date | null;
}

/** Writes a record, replacing the one of the same model and id; what was consumed stays consumed. */
export async function upsertOauthRecord(database: Database, record: OauthRecord): Promise<void> {
  const { model, id, ...rest } = record;
  await database.db
    .insert(oauthRecords)
    .values({ model, id, ...rest })
    .onConflictDoUpdate({ target: [oauthRecords.model, oauthRecords.id], set: rest });
}

/** Writes a record unless there is one of the same model and id that has not expired at `now`; false when there is. */
export async function insertOauthRecord(database: Database, record: OauthRecord, now: Date): Promise<boolean> {
  const { model, id, ...rest } = record;
  const added = await database.db
    .insert(oauthRecords)
    .values({ model, id, ...rest })
    .onConflictDoUpdate({
      target: [oauthRecords.model, oauthRecords.id],
      set: rest,
      setWhere: lt(oauthRecords.expiresAt, now),
    })
    .returning({ id: oauthRecords.id });
  return added.length > 0;
}

/** The record of this model that `by` names and that has not expired at `now`; null when there is none. */
export async function findOauthRecord(
  database: Database,
  model: string,
  by: { readonly id: string } | { readonly uid: string },
  now: Date,
): Promise<FoundOauthRecord | null> {
  const [row] = await database.db
    .select({ payload: oauthRecords.payload, consumedAt: oauthRecords.consumedAt })
    .from(oauthRecords)
    .where(
      and(
        eq(oauthRecords.model, model),
        'id' in by ? eq(oauthRecords.id, by.id) : eq(oauthRecords.uid, by.uid),
        or(isNull(oauthRecords.expiresAt), gt(oauthRecords.expiresAt, now)),
      ),
    )
    .limit(1);
  return row ?? null;
}

/** Marks a record as used; false when it was used before or is gone, so that of several callers one may go on. */
export async function consumeOauthRecord(database: Database, model: string, id: string, at: Date): Promise<boolean> {
  const consumed = await database.db
    .update(oauthRecords)
    .set({ consumedAt: at })
    .where(and(eq(oauthRecords.model, model), eq(oauthRecords.id, id), isNull(oauthRecords.consumedAt)))
    .returning({ id: oauthRecords.id });
  return consumed.length > 0;
}

export async function deleteOauthRecord(database: Database, model: string, id: string): Promise<void> {
  await database.db.delete(oauthRecords).where(and(eq(oauthRecords.model, model), eq(oauthRecords.id, id)));
}

/** Ends one grant: the grant itself, its codes and its refresh tokens; access tokens are refused without their grant. */
export async function deleteOauthRecordsOfGrant(database: Database, grantId: string): Promise<void> {
  await database.db
    .delete(oauthRecords)
    .where(
      or(eq(oauthRecords.grantId, grantId), and(eq(oauthRecords.model, grantModel), eq(oauthRecords.id, grantId))),
    );
}

/** Ends all that speaks for a user: his grants with their tokens. */
export async function deleteOauthRecordsOfUser(db: Pick<Tx, 'delete'>, userId: UserId): Promise<void> {
  await db.delete(oauthRecords).where(eq(oauthRecords.accountId, userId));
}

/** Ends all that was granted to a client or an application. */
export async function deleteOauthRecordsOfParty(db: Pick<Tx, 'delete'>, oauthClientId: string): Promise<void> {
  await db.delete(oauthRecords).where(sql`${oauthRecords.payload} ->> 'clientId' = ${oauthClientId}`);
}

/** Deletes what has expired before this instant. How many there were. */
export async function deleteExpiredOauthRecords(database: Database, before: Date): Promise<number> {
  const deleted = await database.db
    .delete(oauthRecords)
    .where(lt(oauthRecords.expiresAt, before))
    .returning({ id: oauthRecords.id });
  return deleted.length;
}

/** The model under which revoked access tokens are listed, by their `jti`, until they would have expired. */
export const revokedAccessToken = 'RevokedAccessToken';
/** oidc-provider's model of what a user has granted. */
const grantModel = 'Grant';

interface TokenSubject {
  readonly jti: string;
  readonly clientId: ClientId;
  /** Null for a token of the client itself. */
  readonly userId: UserId | null;
  /** The third party that holds the token; null for the client. */
  readonly applicationId: ApplicationId | null;
  /** What it hangs on; null for a token of the client itself. */
  readonly grantId: string | null;
}

/**
 * True while nothing has ended a token before its time: not revoked, its client and its application enabled, its user
 * still there, its grant not ended.
 */
export async function isTokenInForce(database: Database, token: TokenSubject, now: Date): Promise<boolean> {
  const { jti, clientId, userId, applicationId, grantId } = token;
  const isRevoked = sql`exists (select from ${oauthRecords}
    where ${oauthRecords.model} = ${revokedAccessToken} and ${oauthRecords.id} = ${jti})`;
  const isUserThere = sql`exists (select from ${users} where ${users.id} = ${userId} and ${users.clientId} = ${clientId})`;
  const isGranted = sql`exists (select from ${oauthRecords}
    where ${oauthRecords.model} = ${grantModel} and ${oauthRecords.id} = ${grantId}
      and ${oauthRecords.expiresAt} > ${now.toISOString()}::timestamptz)`;
  const isApplicationEnabled = sql`exists (select from ${applications} where ${applications.id} = ${applicationId}
    and ${applications.clientId} = ${clientId} and ${applications.disabledAt} is null)`;
  const [row] = await database.db
    .select({ id: clients.id })
    .from(clients)
    .where(
      and(
        eq(clients.id, clientId),
        isNull(clients.disabledAt),
        sql`not ${isRevoked}`,
        userId === null ? undefined : isUserThere,
        grantId === null ? undefined : isGranted,
        applicationId === null ? undefined : isApplicationEnabled,
      ),
    );
  return row !== undefined;
}
