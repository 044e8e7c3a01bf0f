import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { toMinorUnits } from '../../../src/kernel/money.ts';
import { accounts, categories, transactions } from '../../../src/store/schema/tables.ts';
import { linkedPerson, movementsOf, aDay, rowsOf, bookOf, type LinkedPerson } from './linked-person.ts';

const current = {
  id: 'current',
  transactions: [
    { id: 'salary', monthly: { day: 27 }, kind: 'transfer-in', amount: '2300.00', text: 'VIR SEPA RECU /DE ATELIERS' },
    { id: 'power', monthly: { day: 8 }, kind: 'direct-debit', amount: '-61.20', text: 'PRLV SEPA EDF' },
  ],
};

const card = {
  id: 'card',
  type: 'card',
  product: 'Visa',
  maskedPan: '497401XXXXXX5678',
  openingBalance: '0.00',
  deferredDebit: { account: 'current', day: 'last-working', text: 'DEBIT MENSUEL CARTE' },
  transactions: [
    {
      id: 'lunch',
      every: { days: 3 },
      times: 2,
      kind: 'card',
      amount: '-14.20',
      pending: { days: 2 },
      merchants: [{ name: 'BISTROT DU PORT', city: 'LYON', categoryCode: '5812' }],
      text: 'CARTE {ddmmyy} {merchant} {city}',
    },
    {
      id: 'clothes',
      every: { days: 17 },
      kind: 'card',
      amount: { min: '-129.00', max: '-22.00' },
      merchants: [{ name: 'PETIT BATEAU', city: 'LYON', categoryCode: '5641' }],
      text: 'CARTE {ddmmyy} {merchant} {city}',
    },
  ],
};

const cents = (amount: string) => toMinorUnits(amount, 'EUR') ?? 0n;
const total = (amounts: readonly string[]) => amounts.reduce((sum, amount) => sum + cents(amount), 0n);

/** What was spent in each primary category over all accounts, in cents: transfers within the house are no spending. */
async function spending({ context }: LinkedPerson) {
  const rows = await context.database.db
    .select({ primary: categories.parentKey, amount: transactions.amount })
    .from(transactions)
    .innerJoin(categories, eq(categories.key, transactions.categoryKey))
    .where(eq(transactions.status, 'BOOKED'));
  const spent = rows.filter(({ primary, amount }) => primary !== 'INTERNAL_TRANSFER' && cents(amount) < 0n);
  return { total: total(spent.map(({ amount }) => amount)), categories: new Set(spent.map(({ primary }) => primary)) };
}

test.each(['test-bank-stet', 'test-bank'] as const)(
  'three months of a deferred-debit card at %s: each purchase is counted once, and each month-end line names the card',
  async (slug) => {
    const person = await linkedPerson({ slug, start: '2026-01-20T08:00:00Z', bank: { accounts: [current, card] } });
    // On each third day, which finds some of the purchases pending and others booked at once.
    await person.liveUntil('2026-04-02T10:00:00Z', 3 * aDay);
    expect((await person.syncs()).filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
    for (const name of ['current', 'card']) {
      const { ours, theirs } = await bookOf(person, name);
      expect(ours).toEqual(theirs);
    }
    const [cardRow] = await person.context.database.db.select().from(accounts).where(eq(accounts.name, 'card'));
    const purchases = (await movementsOf(person, 'card')).filter(({ kind }) => kind === 'card');
    const settled = (await rowsOf(person, 'current')).filter(({ type }) => type === 'CREDIT_CARD_PAYMENT');
    // Of the days before the link, and of three months that we have lived through.
    expect(settled.map(({ datedOn }) => datedOn.slice(0, 7))).toEqual(
      expect.arrayContaining(['2026-01', '2026-02', '2026-03']),
    );
    const settlement = { settledCardId: cardRow?.id, categoryKey: 'INTERNAL_TRANSFER_DEFERRED_CARD' };
    expect(settled).toMatchObject(settled.map(() => settlement));
    const linked = await person.context.database.db
      .select()
      .from(transactions)
      .where(eq(transactions.settledCardId, cardRow!.id));
    expect(linked).toHaveLength(settled.length);
    // The purchases stay on the card, one row for each.
    const bought = (await rowsOf(person, 'card')).filter(
      ({ amount, status }) => status === 'BOOKED' && cents(amount) < 0n,
    );
    expect(bought.map(({ amount }) => amount).toSorted()).toEqual(
      purchases.map(({ money }) => money.amount).toSorted(),
    );
    const power = (await movementsOf(person, 'current')).filter(({ kind }) => kind === 'direct-debit');
    const spent = await spending(person);
    expect(spent.total).toBe(total([...purchases, ...power].map(({ money }) => money.amount)));
    expect(spent.categories.size).toBe(3);
  },
  60_000,
);
