import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import type { ClientId, UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { clients, users } from './schema/clients.ts';
import { oauthRecords } from './schema/oauth.ts';

/** What the authorization server keeps, under its own model names; the payload is its own. */
export interface OauthRecord {
  readonly model: string;
  readonly id: string;
  readonly grantId: string | null;
  readonly uid: string | null;
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

/** Marks a record as used; the first time counts. */
export async function consumeOauthRecord(database: Database, model: string, id: string, at: Date): Promise<void> {
  await database.db
    .update(oauthRecords)
    .set({ consumedAt: at })
    .where(and(eq(oauthRecords.model, model), eq(oauthRecords.id, id), isNull(oauthRecords.consumedAt)));
}

export async function deleteOauthRecord(database: Database, model: string, id: string): Promise<void> {
  await database.db.delete(oauthRecords).where(and(eq(oauthRecords.model, model), eq(oauthRecords.id, id)));
}

/** Deletes all that came of one grant: its codes and its tokens. */
export async function deleteOauthRecordsOfGrant(database: Database, grantId: string): Promise<void> {
  await database.db.delete(oauthRecords).where(eq(oauthRecords.grantId, grantId));
}

/** The model under which revoked access tokens are listed, by their `jti`, until they would have expired. */
export const revokedAccessToken = 'RevokedAccessToken';

interface TokenSubject {
  readonly jti: string;
  readonly clientId: ClientId;
  /** Null for a token of the client itself. */
  readonly userId: UserId | null;
}

/** True while nothing has ended a token before its time: not revoked, its client enabled, its user still there. */
export async function isTokenInForce(database: Database, token: TokenSubject): Promise<boolean> {
  const { jti, clientId, userId } = token;
  const isRevoked = sql`exists (select from ${oauthRecords}
    where ${oauthRecords.model} = ${revokedAccessToken} and ${oauthRecords.id} = ${jti})`;
  const isUserGone = sql`not exists (select from ${users} where ${users.id} = ${userId} and ${users.clientId} = ${clientId})`;
  const [row] = await database.db
    .select({ id: clients.id })
    .from(clients)
    .where(
      and(
        eq(clients.id, clientId),
        isNull(clients.disabledAt),
        sql`not ${isRevoked}`,
        userId === null ? undefined : sql`not ${isUserGone}`,
      ),
    );
  return row !== undefined;
}
