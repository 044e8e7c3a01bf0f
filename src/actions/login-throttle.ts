import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Failure } from '../domain/failure.ts';
import { millisecondsPerDay } from '../kernel/clock.ts';
import type { ClientId } from '../kernel/id.ts';
import type { Tx } from '../store/database.ts';
import {
  accountDigest,
  chargeThrottle,
  clearThrottle,
  isAddressKnown,
  refundThrottle,
  rememberAddress,
  type ThrottleKey,
  type ThrottleRule,
} from '../store/login-throttles.ts';
import type { ActionContext } from './context.ts';

const day = 86_400;

/** One account from one address: who guesses here slows nobody but himself. */
const pairRule: ThrottleRule = { freeFailures: 5, waitSecondsMax: 900, forgottenAfterSeconds: day };
/** The same where the client does not tell the person's address: all persons share the count, so it only slows. */
const untoldPairRule: ThrottleRule = { freeFailures: 10, waitSecondsMax: 30, forgottenAfterSeconds: day };
/** One account from all strange addresses together, against many addresses that share the work; it only slows. */
const accountRule: ThrottleRule = { freeFailures: 50, waitSecondsMax: 30, forgottenAfterSeconds: day };
/** One strange address at all accounts of a client, against one password tried at many accounts. */
const addressRule: ThrottleRule = { freeFailures: 30, waitSecondsMax: 300, forgottenAfterSeconds: 3600 };

const addressKnownForDays = 30;

export interface LoginAttempt {
  readonly clientId: ClientId;
  readonly email: string;
  /** The person's; null when a client logs a person in and does not tell it. */
  readonly address: string | null;
}

type Charge = readonly [key: ThrottleKey, rule: ThrottleRule];

/**
 * Lets `verify` judge a login unless too many have failed; it gives null for a failure. Every attempt is counted before
 * it is judged and taken back when it succeeds, so that attempts at once count as attempts in a row. An address from
 * which the account was logged in to lately is slowed only by what failed from there: nobody elsewhere can lock the
 * user out. Whether the account exists makes no difference. Fails with RATE_LIMITED, changing nothing.
 */
export async function throttleLogin<Subject>(
  context: Pick<ActionContext, 'database' | 'clock'>,
  attempt: LoginAttempt,
  verify: () => Promise<Subject | null>,
): Promise<Subject | null> {
  const { database, clock } = context;
  const now = clock.now();
  const pair = keyOf(attempt);
  const isKnown = attempt.address !== null && (await isAddressKnown(database.db, pair, now));
  const charges = chargesFor(attempt, pair, isKnown);
  await database.db.transaction((tx) => chargeAll(tx, charges, now));
  const subject = await verify();
  if (subject === null) return null;
  await database.db.transaction(async (tx) => {
    await clearThrottle(tx, pair);
    for (const [key] of charges.slice(1)) await refundThrottle(tx, key);
    if (attempt.address === null) return;
    await rememberAddress(tx, pair, new Date(now.getTime() + addressKnownForDays * millisecondsPerDay));
  });
  return subject;
}

/** Always in this order, so that attempts at once never wait for each other in a circle. */
function chargesFor({ address }: LoginAttempt, pair: ThrottleKey, isKnown: boolean): readonly Charge[] {
  if (address === null) return [[pair, untoldPairRule]];
  if (isKnown) return [[pair, pairRule]];
  return [
    [pair, pairRule],
    [{ ...pair, address: '' }, accountRule],
    [{ ...pair, account: '' }, addressRule],
  ];
}

async function chargeAll(tx: Tx, charges: readonly Charge[], now: Date): Promise<void> {
  for (const [key, rule] of charges) {
    // oxlint-disable-next-line no-await-in-loop -- the order keeps concurrent attempts from deadlock
    const blockedUntil = await chargeThrottle(tx, key, rule, now);
    // The failure rolls the counts of this attempt back.
    if (blockedUntil) throw new Failure('RATE_LIMITED', { message: 'Too many failed logins.', retryAt: blockedUntil });
  }
}

/** The client is in both: what it says of its persons' addresses never touches another client's. */
function keyOf({ clientId, email, address }: LoginAttempt): ThrottleKey {
  const network = address === null ? 'not told' : networkOf(address);
  return {
    account: accountDigest(clientId, email),
    address: createHash('sha256')
      .update(JSON.stringify([clientId, network]))
      .digest('base64url'),
  };
}

/** An IPv4 address, or the /64 of an IPv6 address, of which one household has all. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const isTailDotted = right.at(-1)?.includes('.') ?? false;
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length - (isTailDotted ? 1 : 0);
  const groups = [...left, ...Array.from({ length: Math.max(zeros, 0) }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
