import { asc, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { oauthKeys } from './schema/oauth.ts';

/** A signing key of the authorization server. */
export interface OauthKeyRow {
  /** The RFC 7638 thumbprint of the public half. */
  readonly kid: string;
  readonly publicJwk: Record<string, unknown>;
  readonly sealedPrivateJwk: Uint8Array;
  readonly createdAt: Date;
  /** A retired key signs no more, but still verifies. */
  readonly retiredAt: Date | null;
}

/** All keys, the oldest first. */
export async function listOauthKeys(database: Database): Promise<readonly OauthKeyRow[]> {
  return database.db.select().from(oauthKeys).orderBy(asc(oauthKeys.createdAt), asc(oauthKeys.kid));
}

/**
 * Adds the key that `create` makes unless there is one that is not retired. Gateways that start at once queue on a
 * lock, so one makes the key and the others find it.
 */
export async function ensureOauthKey(database: Database, create: () => Promise<OauthKeyRow>): Promise<void> {
  await database.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('tributary.oauth_keys', 0))`);
    const keys = await tx.select({ retiredAt: oauthKeys.retiredAt }).from(oauthKeys);
    if (keys.some((key) => key.retiredAt === null)) return;
    await tx.insert(oauthKeys).values(await create());
  });
}
