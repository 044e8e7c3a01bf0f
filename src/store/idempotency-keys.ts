import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import type { ClientId } from '../kernel/id.ts';
import type { Db } from './database.ts';
import { idempotencyKeys } from './schema/clients.ts';

/** Whose key it is: keys of different subjects never meet. */
export interface KeyOwner {
  readonly clientId: ClientId;
  /** The user for a user token, else the client. */
  readonly subject: string;
  readonly key: string;
}

export interface KeyClaim extends KeyOwner {
  readonly operation: string;
  readonly requestHash: string;
  readonly claimedAt: Date;
}

export interface StoredAnswer {
  readonly operation: string;
  readonly requestHash: string;
  /** Null while the first request is at work. */
  readonly outcome: Record<string, unknown> | null;
}

/**
 * Takes the key, or gives what stands under it. A key is free when it is new, older than `expiredBefore`, or was taken
 * before `abandonedBefore` by a process that never answered. Null: taken.
 */
export async function claimKey(
  db: Db,
  claim: KeyClaim,
  { expiredBefore, abandonedBefore }: { expiredBefore: Date; abandonedBefore: Date },
): Promise<StoredAnswer | null> {
  const { claimedAt: createdAt, ...row } = claim;
  const claimed = await db
    .insert(idempotencyKeys)
    .values({ ...row, createdAt, outcome: null })
    .onConflictDoUpdate({
      target: [idempotencyKeys.clientId, idempotencyKeys.subject, idempotencyKeys.key],
      set: { operation: row.operation, requestHash: row.requestHash, createdAt, outcome: sql`null` },
      setWhere: sql`${idempotencyKeys.createdAt} < ${expiredBefore.toISOString()}
        or (${idempotencyKeys.outcome} is null and ${idempotencyKeys.createdAt} < ${abandonedBefore.toISOString()})`,
    })
    .returning({ key: idempotencyKeys.key });
  if (claimed.length > 0) return null;
  const [stored] = await db
    .select({
      operation: idempotencyKeys.operation,
      requestHash: idempotencyKeys.requestHash,
      outcome: idempotencyKeys.outcome,
    })
    .from(idempotencyKeys)
    .where(isOwned(claim));
  // Gone in between: its first request has failed and given it back, so it is free again.
  return stored ?? claimKey(db, claim, { expiredBefore, abandonedBefore });
}

/** Keeps the outcome under a key that this claim holds. */
export async function keepOutcome(db: Db, claim: KeyClaim, outcome: Record<string, unknown>): Promise<void> {
  await db.update(idempotencyKeys).set({ outcome }).where(isHeldBy(claim));
}

/** Gives a key back that led to nothing. */
export async function releaseKey(db: Db, claim: KeyClaim): Promise<void> {
  await db.delete(idempotencyKeys).where(isHeldBy(claim));
}

function isOwned({ clientId, subject, key }: KeyOwner) {
  return and(
    eq(idempotencyKeys.clientId, clientId),
    eq(idempotencyKeys.subject, subject),
    eq(idempotencyKeys.key, key),
  );
}

function isHeldBy(claim: KeyClaim) {
  return and(isOwned(claim), eq(idempotencyKeys.createdAt, claim.claimedAt), isNull(idempotencyKeys.outcome));
}

/** Deletes the keys that were taken before this instant; they are free by then. How many there were. */
export async function deleteIdempotencyKeysOlderThan(db: Db, before: Date): Promise<number> {
  const deleted = await db
    .delete(idempotencyKeys)
    .where(lt(idempotencyKeys.createdAt, before))
    .returning({ key: idempotencyKeys.key });
  return deleted.length;
}
