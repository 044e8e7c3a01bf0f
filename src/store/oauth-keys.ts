import { asc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import { oauthKeys } from './schema/oauth.ts';

/** A signing key of the authorization server. It signs from `signsFrom` until `retiredAt`. */
export interface OauthKeyRow {
  /** The RFC 7638 thumbprint of the public half. */
  readonly kid: string;
  readonly publicJwk: Record<string, unknown>;
  readonly sealedPrivateJwk: Uint8Array;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  readonly retiredAt: Date | null;
}

/** All keys, the oldest first. */
export async function listOauthKeys(db: Pick<Tx, 'select'>): Promise<readonly OauthKeyRow[]> {
  return db.select().from(oauthKeys).orderBy(asc(oauthKeys.createdAt), asc(oauthKeys.kid));
}

/**
 * Lets `change` look at all keys and change them, one caller at a time: gateways that start at once queue here, so one
 * makes the first key and the others find it.
 */
export async function inKeyTransaction<Result>(
  database: Database,
  change: (tx: Tx, keys: readonly OauthKeyRow[]) => Promise<Result>,
): Promise<Result> {
  return database.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('tributary.oauth_keys', 0))`);
    return change(tx, await listOauthKeys(tx));
  });
}

export async function insertOauthKey(tx: Tx, key: OauthKeyRow): Promise<void> {
  await tx.insert(oauthKeys).values({ ...key });
}

/** Lets every other key than this one stop signing at `at`, unless it does so earlier. */
export async function retireOtherOauthKeys(tx: Tx, kid: string, at: Date): Promise<void> {
  await tx
    .update(oauthKeys)
    .set({ retiredAt: at })
    .where(sql`${oauthKeys.kid} <> ${kid} and (${or(isNull(oauthKeys.retiredAt), gt(oauthKeys.retiredAt, at))})`);
}

/** Takes a key away for good: what it signed is refused from now on. */
export async function deleteOauthKey(tx: Tx, kid: string): Promise<void> {
  await tx.delete(oauthKeys).where(eq(oauthKeys.kid, kid));
}

/** Takes away the keys that signed nothing after this instant. How many there were. */
export async function deleteOauthKeysRetiredBefore(database: Database, before: Date): Promise<number> {
  const deleted = await database.db
    .delete(oauthKeys)
    .where(lt(oauthKeys.retiredAt, before))
    .returning({ kid: oauthKeys.kid });
  return deleted.length;
}
