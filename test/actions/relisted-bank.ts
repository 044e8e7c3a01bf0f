import { eq } from 'drizzle-orm';
import { mergeAccounts } from '../../src/actions/merge-accounts.ts';
import type { BankAccount } from '../../src/domain/bank-snapshot.ts';
import type { AccountId } from '../../src/kernel/id.ts';
import { accounts, events, transactions } from '../../src/store/schema/tables.ts';
import { bankAccount, bankTransaction, booked } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';

export const nameless = (bankAccountId: string, over: Partial<BankAccount> = {}) =>
  bankAccount({ bankAccountId, iban: null, name: bankAccountId, ...over });

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const rent = (bankTransactionId: string) =>
  bankTransaction({
    bookedOn: '2026-02-05',
    money: eur('-900.00'),
    bankText: 'VIR PERM LOYER',
    label: 'Loyer',
    bankTransactionId,
  });
const coffee = bankTransaction({ bookedOn: '2026-02-20' });
const ghost = bankTransaction({
  bookedOn: '2026-02-12',
  money: eur('-7.00'),
  bankText: 'CARTE FANTOME',
  label: 'Fantôme',
});
const groceries = bankTransaction({
  bookedOn: '2026-02-25',
  money: eur('-31.40'),
  bankText: 'CARTE EPICERIE DU COIN',
  label: 'Épicerie',
});
const salary = bankTransaction({
  bookedOn: '2026-03-03',
  money: eur('2300.00'),
  bankText: 'VIR SEPA RECU ATELIERS',
  label: 'Ateliers',
});

/**
 * A connection with two accounts that nothing identifies, `a` and `b`, which the bank lists a day later under new ids, of
 * which only `x` has been shared: it is `a`, whose rent has another id, whose ghost was taken back, and which goes on.
 */
export async function relistedBank({ isListed = true, alike = {} as Partial<BankAccount> } = {}) {
  const world = await linkedBank();
  const { bank, clock, sync } = world;
  const { db } = world.database;
  bank.accounts = [nameless('a', alike), nameless('b', alike)];
  bank.transactions = { a: [rent('r1'), ghost, coffee, coffee], b: [groceries] };
  bank.balances = { a: [booked('CLOSING_BOOKED', '100.00')], b: [booked('CLOSING_BOOKED', '5.00')] };
  await sync('LIST_ACCOUNTS');
  clock.advance(24 * 3_600_000);
  bank.accounts = [nameless('x', alike)];
  bank.transactions = { x: [rent('r9'), coffee, coffee, groceries, salary] };
  bank.balances = { x: [booked('CLOSING_BOOKED', '2375.60')] };
  const account = async (bankAccountId: string) => {
    const [row] = await db.select().from(accounts).where(eq(accounts.bankAccountId, bankAccountId));
    return row!;
  };
  if (isListed) {
    await sync();
    clock.advance(60_000);
  }
  return {
    ...world,
    db,
    account,
    /** The rows of an account, oldest first. */
    rows: async (accountId: string) =>
      (await db.select().from(transactions).orderBy(transactions.datedOn, transactions.id)).filter(
        (row) => row.accountId === accountId,
      ),
    /** What was told after so many events. */
    toldAfter: async (sequence: bigint) => {
      const all = await db.select().from(events).orderBy(events.sequence);
      return all.filter((event) => event.sequence > sequence).map(({ type, facts }) => ({ type, facts }));
    },
    lastSequence: async () => {
      const all = await db.select({ sequence: events.sequence }).from(events).orderBy(events.sequence);
      return all.at(-1)?.sequence ?? 0n;
    },
    /** Every account as the bank knows it, with where it stands. */
    standings: async () => {
      const all = await db.select().from(accounts).orderBy(accounts.createdAt, accounts.bankAccountId);
      return all.map(({ bankAccountId, status, failure }) =>
        [bankAccountId, status, ...(failure ? [failure.code] : [])].join(' '),
      );
    },
  };
}

/** The same with the two accounts of the decision. */
export async function decision(given: Parameters<typeof relistedBank>[0] = {}) {
  const world = await relistedBank(given);
  const [a, x] = [await world.account('a'), await world.account('x')];
  const merge = async (input: { accountId?: AccountId; mergedAccountId?: AccountId } = {}) =>
    mergeAccounts(world.context, world.scope, { accountId: a.id, mergedAccountId: x.id, ...input });
  return { ...world, a, x, merge };
}
