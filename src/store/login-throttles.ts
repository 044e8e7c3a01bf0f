import { createHash } from 'node:crypto';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import type { ClientId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { knownAddresses, loginThrottles } from './schema/oauth.ts';

/** Which failures are counted together: digests of an account, of an address, or of both; an empty one means all. */
export interface ThrottleKey {
  readonly account: string;
  readonly address: string;
}

/** How an account is named here, whether there is one or not: the e-mail of a user of this client, in any case. */
export function accountDigest(clientId: ClientId, email: string): string {
  return createHash('sha256')
    .update(JSON.stringify([clientId, email.toLowerCase()]))
    .digest('base64url');
}

/** How a count slows further attempts down. */
export interface ThrottleRule {
  /** So many failures cost nothing. */
  readonly freeFailures: number;
  /** The next one makes wait for a second, each further one for twice as long, up to this. */
  readonly waitSecondsMax: number;
  /** A count without a failure for so long begins anew. */
  readonly forgottenAfterSeconds: number;
}

/**
 * Counts one more failure, unless the key is blocked at `now`: then nothing changes and the end of the block is the
 * answer. One statement, so of many attempts at once no more get through than the rule allows.
 */
export async function chargeThrottle(tx: Tx, key: ThrottleKey, rule: ThrottleRule, now: Date): Promise<Date | null> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const isForgotten = sql`${loginThrottles.expiresAt} <= ${at}`;
  const failures = sql`case when ${isForgotten} then 1 else ${loginThrottles.failures} + 1 end`;
  const over = sql`(${failures}) - ${rule.freeFailures}::int`;
  const waitSeconds = sql`least(power(2, least(${over}, 30) - 1), ${rule.waitSecondsMax}::int)`;
  const expiresAt = sql`${at} + make_interval(secs => ${rule.forgottenAfterSeconds}::int)`;
  const charged = await tx
    .insert(loginThrottles)
    .values({ ...key, failures: 1, blockedUntil: null, expiresAt })
    .onConflictDoUpdate({
      target: [loginThrottles.account, loginThrottles.address],
      set: {
        failures,
        blockedUntil: sql`case when ${over} > 0 then ${at} + make_interval(secs => ${waitSeconds}) end`,
        expiresAt,
      },
      setWhere: sql`${loginThrottles.blockedUntil} is null or ${loginThrottles.blockedUntil} <= ${at}`,
    })
    .returning({ failures: loginThrottles.failures });
  return charged.length > 0 ? null : ((await blockOf(tx, key, now)) ?? now);
}

/** Until when a key is blocked; null when it is not. */
export async function blockOf(db: Pick<Tx, 'select'>, key: ThrottleKey, now: Date): Promise<Date | null> {
  const [row] = await db
    .select({ blockedUntil: loginThrottles.blockedUntil })
    .from(loginThrottles)
    .where(and(isKey(key), gt(loginThrottles.blockedUntil, now)));
  return row?.blockedUntil ?? null;
}

/** Takes one failure back, and the wait that it caused: the attempt has succeeded. */
export async function refundThrottle(tx: Tx, key: ThrottleKey): Promise<void> {
  await tx
    .update(loginThrottles)
    .set({ failures: sql`greatest(${loginThrottles.failures} - 1, 0)`, blockedUntil: null })
    .where(isKey(key));
}

/** Forgets the failures of a key. */
export async function clearThrottle(tx: Tx, key: ThrottleKey): Promise<void> {
  await tx.delete(loginThrottles).where(isKey(key));
}

function isKey({ account, address }: ThrottleKey) {
  return and(eq(loginThrottles.account, account), eq(loginThrottles.address, address));
}

/** True when a login of the account has succeeded from the address and that is not too long ago. */
export async function isAddressKnown(db: Pick<Tx, 'select'>, key: ThrottleKey, now: Date): Promise<boolean> {
  const [row] = await db
    .select({ expiresAt: knownAddresses.expiresAt })
    .from(knownAddresses)
    .where(
      and(
        eq(knownAddresses.account, key.account),
        eq(knownAddresses.address, key.address),
        gt(knownAddresses.expiresAt, now),
      ),
    );
  return row !== undefined;
}

/** Keeps an address as one of the account's until `expiresAt`. */
export async function rememberAddress(tx: Tx, key: ThrottleKey, expiresAt: Date): Promise<void> {
  await tx
    .insert(knownAddresses)
    .values({ ...key, expiresAt })
    .onConflictDoUpdate({ target: [knownAddresses.account, knownAddresses.address], set: { expiresAt } });
}

/** Forgets everything about an account. */
export async function forgetAccount(db: Pick<Tx, 'delete'>, account: string): Promise<void> {
  await db.delete(knownAddresses).where(eq(knownAddresses.account, account));
  await db.delete(loginThrottles).where(eq(loginThrottles.account, account));
}

/** Deletes what has expired. How many rows that were. */
export async function deleteExpiredThrottles({ db }: Database, now: Date): Promise<number> {
  const counts = await db
    .delete(loginThrottles)
    .where(lt(loginThrottles.expiresAt, now))
    .returning({ account: loginThrottles.account });
  const addresses = await db
    .delete(knownAddresses)
    .where(lt(knownAddresses.expiresAt, now))
    .returning({ account: knownAddresses.account });
  return counts.length + addresses.length;
}
