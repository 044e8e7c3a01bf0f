import type { TransactionStatus } from '../domain/transaction.ts';
import { similarity } from './bank-words.ts';
import type { Entry, ShownEntry, StoredEntry } from './entry.ts';

/** One way to recognise a transaction. Tiers run in order, strict to loose, each on what the former left over. */
export interface Tier {
  /** Stored as `matchedOn`. */
  readonly name: string;
  readonly stored: readonly TransactionStatus[];
  readonly shown: readonly ('PENDING' | 'BOOKED')[];
  /** What must be equal; an entry without a key takes no part. */
  readonly key: (entry: Entry<unknown>) => string | null;
  /** How many days may lie between the two. */
  readonly maxDays: number;
  /**
   * TWINS: entries of one key are interchangeable, and are paired one to one in the order of their days, so n shown
   * and m stored make min(n, m) pairs. UNIQUE: a pair must be the only one possible for both sides, else none is made.
   */
  readonly pairing: 'TWINS' | 'UNIQUE';
  /** What else must hold, for UNIQUE. */
  readonly accepts?: (stored: StoredEntry, shown: ShownEntry) => boolean;
  /**
   * Such entries are of one day, or both without any, so an account may be compared day by day. These tiers come first.
   */
  readonly isOfOneDay?: boolean;
  /** Only stored rows that the bank should have shown in this answer and did not. */
  readonly onlyVanished?: boolean;
}

/** A pending entry settles within 10 days (7 for most cards, 10 with a long weekend or a foreign merchant); an older one never did. */
export const settlementDays = 10;

const money = (entry: Entry<unknown>) => `${entry.amount} ${entry.currency}`;
const direction = (entry: Entry<unknown>) => `${entry.amount.startsWith('-') ? 'debit' : 'credit'} ${entry.currency}`;
const content = (entry: Entry<unknown>) => `${entry.shownDay} ${money(entry)} ${entry.text}`;
const exactContent = (entry: Entry<unknown>) => `${entry.shownDay} ${money(entry)} ${entry.bankText}`;
const payment = (entry: Entry<unknown>) => `${money(entry)} ${entry.text}`;
const withId = (rest: (entry: Entry<unknown>) => string) => (entry: Entry<unknown>) =>
  entry.bankTransactionId === null ? null : `${entry.bankTransactionId} ${rest(entry)}`;
const withReference = (rest: (entry: Entry<unknown>) => string) => (entry: Entry<unknown>) =>
  entry.entryReference === null ? null : `${entry.entryReference} ${rest(entry)}`;

const withoutId = (rest: (entry: Entry<unknown>) => string) => (entry: Entry<unknown>) =>
  entry.bankTransactionId === null && entry.entryReference === null ? rest(entry) : null;

const live = ['BOOKED', 'PENDING'] as const;

/**
 * The tiers, in order.
 *
 * Ids first, but never alone: banks re-issue them, repeat them and start over, so the amount must agree and the days
 * be near. Then content, where what is equal in everything visible is paired as a multiset: two identical coffees are
 * two, whichever is which. Then pending entries that settle. Last, booked entries that the bank has moved or reworded,
 * and only where a stored one has vanished while a new one appeared: that is a correction far more often than chance.
 * A loose tier pairs only what is unique on both sides; everything else is new, because a duplicate is visible and can
 * be voided, while a wrong merge silently destroys an entry.
 */
export const tiers: readonly Tier[] = [
  // Nothing at all has changed, which needs no look at who else might be meant. Of a large account these are struck out
  // by their digests as they come (`recognised.ts`).
  {
    name: 'EQUAL',
    stored: ['BOOKED'],
    shown: ['BOOKED'],
    key: (entry) => entry.facts,
    maxDays: 0,
    pairing: 'TWINS',
    isOfOneDay: true,
  },
  // The same to the eye, without a look at how texts may be written: what follows is for what it leaves over.
  {
    name: 'BANK_ID_AND_CONTENT',
    stored: live,
    shown: live,
    key: withId(exactContent),
    maxDays: settlementDays,
    pairing: 'TWINS',
    isOfOneDay: true,
  },
  // What tells entries of one id apart where a bank repeats it.
  {
    name: 'BANK_ID_AND_CONTENT',
    stored: live,
    shown: live,
    key: withId(content),
    maxDays: settlementDays,
    pairing: 'TWINS',
    isOfOneDay: true,
  },
  // The everyday case of a bank without ids.
  {
    name: 'CONTENT',
    stored: ['BOOKED'],
    shown: ['BOOKED'],
    key: withoutId(content),
    maxDays: 0,
    pairing: 'TWINS',
    isOfOneDay: true,
  },
  // The id survives settlement and corrections of text and day at most banks.
  { name: 'BANK_ID', stored: live, shown: live, key: withId(money), maxDays: settlementDays, pairing: 'UNIQUE' },
  // A pending amount is a reservation (fuel, hotel, tip, exchange rate): with the same id it may change.
  {
    name: 'BANK_ID_NEW_AMOUNT',
    stored: ['PENDING'],
    shown: live,
    key: withId(direction),
    maxDays: settlementDays,
    pairing: 'UNIQUE',
  },
  // Often stable where the id is per request; repeated by batches, hence unique only.
  {
    name: 'ENTRY_REFERENCE',
    stored: live,
    shown: live,
    key: withReference(money),
    maxDays: settlementDays,
    pairing: 'UNIQUE',
  },
  // No usable id, or all ids re-issued: day, amount and text, by multiset.
  { name: 'CONTENT', stored: ['BOOKED'], shown: ['BOOKED'], key: content, maxDays: 0, pairing: 'TWINS' },
  { name: 'CONTENT', stored: ['PENDING'], shown: ['PENDING'], key: content, maxDays: settlementDays, pairing: 'TWINS' },
  // What had vanished comes back under its old id; only on strict evidence, and after all that is live.
  {
    name: 'REVIVED_BANK_ID',
    stored: ['VOID'],
    shown: live,
    key: withId(money),
    maxDays: settlementDays,
    pairing: 'UNIQUE',
  },
  { name: 'REVIVED_CONTENT', stored: ['VOID'], shown: live, key: content, maxDays: settlementDays, pairing: 'TWINS' },
  // Settled under another id, text untouched: identical payments settle in the order in which they were made.
  { name: 'SETTLED', stored: ['PENDING'], shown: ['BOOKED'], key: payment, maxDays: settlementDays, pairing: 'TWINS' },
  // A pending entry whose day moves while it waits.
  {
    name: 'PENDING_MOVED',
    stored: ['PENDING'],
    shown: ['PENDING'],
    key: payment,
    maxDays: settlementDays,
    pairing: 'TWINS',
  },
  // Without any day it stands on the one on which it was first seen, however long it waits (a hotel, a hired car). After
  // what settles, for of two like it with weeks between them the older is booked by now.
  {
    name: 'PENDING_UNDATED',
    stored: ['PENDING'],
    shown: ['PENDING'],
    key: (entry) => (entry.shownDay === 'undated' ? payment(entry) : null),
    maxDays: Number.POSITIVE_INFINITY,
    pairing: 'TWINS',
  },
  // Settled with another text: half of the naming words, or the same counterparty account.
  {
    name: 'SETTLED_REWORDED',
    stored: ['PENDING'],
    shown: ['BOOKED'],
    key: money,
    maxDays: settlementDays,
    pairing: 'UNIQUE',
    accepts: (stored, shown) => isSimilar(stored, shown, 0.5),
  },
  // Settled with another amount and id: nearly the same words, a plausible ratio, within a week.
  {
    name: 'SETTLED_NEW_AMOUNT',
    stored: ['PENDING'],
    shown: ['BOOKED'],
    key: direction,
    maxDays: 7,
    pairing: 'UNIQUE',
    accepts: (stored, shown) => isSimilar(stored, shown, 0.8) && isPlausibleSettlement(stored, shown),
  },
  // Booked again on another day (value date corrections, holidays), under a new id.
  {
    name: 'REBOOKED',
    stored: ['BOOKED'],
    shown: ['BOOKED'],
    key: money,
    maxDays: 5,
    pairing: 'UNIQUE',
    onlyVanished: true,
    accepts: (stored, shown) => isSimilar(stored, shown, 0.8),
  },
  // The same day and amount with a text that was rewritten, under a new id.
  {
    name: 'REWORDED',
    stored: ['BOOKED'],
    shown: ['BOOKED'],
    key: money,
    maxDays: 0,
    pairing: 'UNIQUE',
    onlyVanished: true,
    accepts: (stored, shown) => isSimilar(stored, shown, 0.4),
  },
];

export const dayTiers = tiers.filter((tier) => tier.isOfOneDay === true);
export const otherTiers = tiers.filter((tier) => tier.isOfOneDay !== true);

/** How a vanished row and a new entry may be related without being the same: see `successorsOf`. */
export const kinships: readonly Pick<Tier, 'stored' | 'shown' | 'key' | 'maxDays' | 'accepts'>[] = [
  { stored: live, shown: live, key: withId(direction), maxDays: settlementDays },
  { stored: live, shown: live, key: withReference(direction), maxDays: settlementDays },
  {
    stored: live,
    shown: live,
    key: (entry) => (entry.endToEndId === null ? null : `${entry.endToEndId} ${direction(entry)}`),
    maxDays: settlementDays,
  },
  {
    stored: ['PENDING'],
    shown: ['BOOKED'],
    key: direction,
    maxDays: settlementDays,
    accepts: (stored, shown) => isSimilar(stored, shown, 0.8),
  },
];

function isSimilar(stored: StoredEntry, shown: ShownEntry, threshold: number): boolean {
  const isSameAccount = stored.counterpartyIban !== null && stored.counterpartyIban === shown.counterpartyIban;
  return isSameAccount || similarity(stored.words, shown.words) >= threshold;
}

/**
 * A settled amount is between a fifth (a full tank is reserved, a litre is bought) and 1.3 times (tips, exchange
 * rates) of what was reserved. The ratio decides nothing but plausibility, so a float is enough for it.
 */
function isPlausibleSettlement(stored: StoredEntry, shown: ShownEntry): boolean {
  const ratio = Number(shown.amount) / Number(stored.amount);
  return ratio >= 0.2 && ratio <= 1.3;
}
