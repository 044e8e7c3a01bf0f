import { eq } from 'drizzle-orm';
import { addDays } from '../../../src/kernel/calendar-date.ts';
import { accounts, transactions } from '../../../src/store/schema/tables.ts';
import { linkedDays } from '../../support/bank-days.ts';
import { scenarioWith } from './household.ts';

/** In minutes: a round of the scheduler a day. */
export const aDay = 24 * 60;

const ada = { login: 'ada', password: 'secret12' };

type Given = Parameters<typeof linkedDays>[0] & { readonly bank: Parameters<typeof scenarioWith>[0] };

/** Ada, linked to a bank of her own accounts, whose days the scheduler and its worker live through. */
export function linkedPerson({ bank, ...given }: Given) {
  return linkedDays({ person: ada, scenario: scenarioWith(bank), ...given });
}

export type LinkedPerson = Awaited<ReturnType<typeof linkedPerson>>;

/** The account that the scenario calls so. */
export async function accountOf({ context }: LinkedPerson, name: string) {
  const found = await context.database.db.select().from(accounts).where(eq(accounts.name, name));
  if (found.length !== 1) throw new Error(`There are ${found.length} accounts ${name}.`);
  return found[0]!;
}

/** Our rows of it. */
export async function rowsOf(person: LinkedPerson, name: string) {
  const { id } = await accountOf(person, name);
  const { db } = person.context.database;
  return db
    .select()
    .from(transactions)
    .where(eq(transactions.accountId, id))
    .orderBy(transactions.datedOn, transactions.id);
}

/** What the bank has booked on it since the day from which we have read. */
export async function movementsOf(person: LinkedPerson, name: string) {
  const { coveredFrom } = await accountOf(person, name);
  const book = person.server.bank.ledger().account(name);
  if (!book) throw new Error(`The bank has no account ${name}.`);
  return book.booked(book.positionOf(coveredFrom ?? addDays(person.server.bank.ledger().day, 1)), book.bookedCount);
}

/** What we and what the bank have booked on it, as day and amount. */
export async function bookOf(person: LinkedPerson, name: string) {
  const rows = (await rowsOf(person, name)).filter(({ status }) => status === 'BOOKED');
  const movements = await movementsOf(person, name);
  return {
    ours: rows.map(({ bookedOn, amount }) => `${bookedOn} ${amount}`).toSorted(),
    theirs: movements.map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`).toSorted(),
  };
}
