import type { AnswerRemark, TransactionWindow } from '../connectors/connector.ts';
import type { BankAccount, BankTransaction } from '../domain/bank-snapshot.ts';
import { Failure } from '../domain/failure.ts';
import type { AccountId } from '../kernel/id.ts';
import { clearSpool, spoolEntries, type SpooledEntry } from '../store/spool.ts';
import type { ChannelAccess } from './channel-access.ts';
import { callBank } from './call-bank.ts';
import { recogniser, type Recognition } from './recognise.ts';
import type { Run } from './run.ts';
import { countedCall } from './spend-calls.ts';

/** A bank that goes on after this many transactions of one account is sending pages in a circle. */
const maxTransactions = 1_000_000;

/** Up to so many entries of an account are held in memory, which is where nearly all accounts stay. */
const maxHeldEntries = 10_000;

/** Pending entries stay in memory; no account has more of them. */
const maxPending = 20_000;

/** How many of the last entries the next page is compared with. */
const maxOverlap = 10_000;

/** What the bank shows of an account: held, or for a large one its booked entries that are new or changed in the spool. */
export type Collected = {
  /** What the answer leaves unsaid. */
  readonly remarks: ReadonlySet<AnswerRemark>;
} & (
  | { readonly kind: 'HELD'; readonly shown: readonly BankTransaction[] }
  | {
      readonly kind: 'SPOOLED';
      readonly pending: readonly { readonly sequence: number; readonly bank: BankTransaction }[];
      /** How many entries there are in all. */
      readonly count: number;
      /** What is stored in the same words, and so in no spool. */
      readonly recognition: Recognition;
    }
);

/**
 * All transactions that the bank shows of one account in a window, behind those that are carried over from another
 * answer. The lease is extended before every page.
 */
export async function collectTransactions(
  run: Run,
  access: ChannelAccess,
  account: BankAccount & { readonly id: AccountId },
  window: TransactionWindow,
  carried: readonly BankTransaction[] = [],
): Promise<Collected | 'ANCHOR_REFUSED'> {
  const { connector, session } = access;
  const call = countedCall(run, access, 'transactions', account.id);
  const { unknownOf, recognition } = recogniser(run, account.id);
  let held: BankTransaction[] = [...carried];
  let tail: BankTransaction[] = [];
  const pending: { sequence: number; bank: BankTransaction }[] = [];
  let count = carried.length;
  let isSpoolClear = false;
  let remarks: ReadonlySet<AnswerRemark> = new Set();
  const spool = async () => {
    const booked: SpooledEntry[] = [];
    for (const [index, bank] of held.entries()) {
      const sequence = count - held.length + index;
      if (bank.bookedOn !== null && bank.status === 'BOOKED') {
        booked.push({ sequence, bank: { ...bank, bookedOn: bank.bookedOn } });
      } else pending.push({ sequence, bank });
    }
    held = [];
    if (pending.length > maxPending) {
      throw new Failure('DATA_INCONSISTENT', { message: 'The bank shows more pending transactions than can be.' });
    }
    if (!isSpoolClear) await clearSpool(run.scope, run.context.database.db, run.syncId);
    isSpoolClear = true;
    await spoolEntries(run.scope, run.context.database.db, run, await unknownOf(booked));
  };
  const pages = connector.readTransactions(call, session, account, window)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const page = await callBank(run, () => pages.next());
      if (page.done) {
        if (page.value === 'ANCHOR_REFUSED') return page.value;
        remarks = page.value ?? remarks;
        break;
      }
      const fresh = page.value.slice(overlapOf(tail, page.value));
      for (const one of fresh) held.push(one);
      count += fresh.length;
      tail = [...tail, ...fresh].slice(-maxOverlap);
      if (count > maxTransactions) {
        throw new Failure('DATA_INCONSISTENT', { message: 'The bank sends pages of transactions without an end.' });
      }
      if (held.length > maxHeldEntries) await spool();
    }
  } finally {
    await pages.return?.();
  }
  if (held.length === count) return { kind: 'HELD', shown: held, remarks };
  await spool();
  return { kind: 'SPOOLED', pending, count, recognition: recognition(), remarks };
}

/**
 * How many entries at the beginning of a page the former pages have shown already: a new entry at the bank, while we
 * turn the pages, pushes the others on. Only entries with the bank's own id count, and one of them must have an id that
 * stands once on either side: twins that share an id may follow each other across the border, and are not dropped.
 * Linear, by the prefix function (Knuth, Morris, Pratt 1977), because the bank may lie.
 */
export function overlapOf(collected: readonly BankTransaction[], page: readonly BankTransaction[]): number {
  const length = Math.min(collected.length, page.length);
  const keys = page.slice(0, length).map(overlapKey);
  const borders: number[] = [];
  for (let index = 1, matched = 0; index < keys.length; index += 1) {
    matched = longestMatch(keys, borders, matched, keys[index] ?? null);
    borders[index] = matched;
  }
  let matched = 0;
  for (const entry of collected.slice(collected.length - length)) {
    matched = longestMatch(keys, borders, matched, overlapKey(entry));
  }
  if (matched === 0) return 0;
  const [before, now] = [countIds(collected), countIds(page)];
  const isProven = page
    .slice(0, matched)
    .some(({ bankTransactionId: id }) => before.get(id) === 1 && now.get(id) === 1);
  return isProven ? matched : 0;
}

function countIds(entries: readonly BankTransaction[]): Map<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const { bankTransactionId: id } of entries) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** How many keys of the pattern match up to this key, when so many did before it. */
function longestMatch(
  keys: readonly (string | null)[],
  borders: readonly number[],
  matchedBefore: number,
  key: string | null,
): number {
  if (key === null) return 0;
  let matched = matchedBefore;
  while (matched > 0 && (matched === keys.length || keys[matched] !== key)) matched = borders[matched - 1] ?? 0;
  return keys[matched] === key ? matched + 1 : matched;
}

/** What makes an entry the same; null for one that nobody can recognise, which is like no other. */
function overlapKey({ bankTransactionId, status, money, bookedOn, bankText }: BankTransaction): string | null {
  return bankTransactionId === null
    ? null
    : JSON.stringify([bankTransactionId, status, money.amount, bookedOn, bankText]);
}
