import { expect, onTestFinished, test } from 'vitest';
import { linkedByApi } from './linked-by-api.ts';
import { stetCustomer } from './stet/customer.ts';
import { noon, openBankAt, scenarioOf } from './support.ts';

/** Dated 10 February, entered 28 days later. */
const late = { on: '2026-02-10', kind: 'fee', amount: '-8.00', lateDays: 28, text: 'COTISATION' };
const enteredAt = new Date('2026-03-10T12:00:00Z');
const dayBefore = new Date('2026-03-09T12:00:00Z');

const world = (switches: object = {}) =>
  scenarioOf({
    seed: 'late',
    epoch: '2026-01-01',
    bank: { name: 'Banque', pageSize: 7, switches },
    people: [{ id: 'alice', name: 'Alice Martin', login: 'alice', password: 'tributary1' }],
    accounts: [
      {
        id: 'current',
        owners: ['alice'],
        type: 'checking',
        name: 'Compte',
        openingBalance: '500.00',
        transactions: [{ every: { days: 2 }, kind: 'card', amount: '-3.00', text: 'ACHAT {n}' }, late],
      },
    ],
  });

interface Entry {
  readonly entryReference: string;
  readonly bookingDate: string;
  readonly transactionAmount: { readonly amount: string };
  readonly status?: string;
}

const isLate = ({ transactionAmount: { amount } }: Entry) => amount.replace('-', '') === '8.00';

test('an entry that is dated back is in the books from the day on which it is entered, and the balance with it', async () => {
  const bank = await openBankAt(dayBefore, { scenario: world() });
  onTestFinished(() => bank.close());
  const book = () => bank.bank.ledger().account('current')!;
  const before = book();
  bank.clock.set(enteredAt);
  const after = book();
  const entered = after.booked(before.bookedCount, after.bookedCount);
  expect(entered.filter(({ money }) => money.amount === '-8.00')).toMatchObject([{ bookedOn: '2026-02-10' }]);
  expect(after.booked(0, before.bookedCount)).toEqual(before.booked(0, before.bookedCount));
  const sum = entered.reduce((cents, { money }) => cents + Math.round(Number(money.amount) * 100), 0);
  const cents = (amount: string) => Math.round(Number(amount) * 100);
  expect(cents(after.bookedBalance.amount) - cents(before.bookedBalance.amount)).toBe(sum);
});

test('the Berlin Group face shows it by its date, and behind whatever was booked before it was entered', async () => {
  const bank = await openBankAt(noon, { scenario: world() });
  onTestFinished(() => bank.close());
  const { call } = await linkedByApi(bank);
  const [account] = (await call('GET', '/accounts')).json.accounts;
  const read = async (query: string) => {
    const entries: Entry[] = [];
    let next: string | undefined = `/accounts/${account.resourceId}/transactions?bookingStatus=booked&${query}`;
    while (next !== undefined) {
      const { json } = await call('GET', next);
      entries.push(...json.transactions.booked);
      next = json.transactions._links.next?.href;
    }
    return entries;
  };
  const all = await read('dateFrom=2026-01-01');
  expect(all.filter(isLate)).toHaveLength(1);
  // Further pages look through the same days.
  expect((await read('dateFrom=2026-02-11')).filter(isLate)).toEqual([]);
  expect((await read('dateFrom=2026-02-01&dateTo=2026-02-20')).filter(isLate)).toHaveLength(1);
  const anchor = all.find(({ bookingDate }) => bookingDate < '2026-03-05' && bookingDate > '2026-03-01')!;
  const since = await read(`entryReferenceFrom=${anchor.entryReference}`);
  expect(since.filter(isLate)).toMatchObject([{ bookingDate: '2026-02-10' }]);
  expect(since.filter((entry) => !isLate(entry)).every(({ bookingDate }) => bookingDate > '2026-03-01')).toBe(true);
});

test.each([
  { stetVersion: '1.4', parameter: 'afterEntryReference' },
  { stetVersion: '1.6', parameter: 'entryReferenceFrom' },
])('so does the STET face $stetVersion', async ({ stetVersion, parameter }) => {
  const bank = await openBankAt(noon, { scenario: world({ stetVersion, stetConsent: 'full-aisp' }) });
  onTestFinished(() => bank.close());
  const customer = await stetCustomer(bank, 'alice');
  const id = await customer.idOf('CACC');
  const read = async (query: string) => {
    const entries: Entry[] = [];
    let next: string | undefined = `/accounts/${id}/transactions?${query}`;
    while (next !== undefined) {
      const { json } = await customer.call(next);
      entries.push(...(json?.transactions ?? []));
      next = json?._links.next?.href;
    }
    return entries;
  };
  const all = await read('dateFrom=2026-01-01');
  expect(all.filter(isLate)).toHaveLength(1);
  expect((await read('dateFrom=2026-02-11')).filter(isLate)).toEqual([]);
  expect((await read('dateFrom=2026-02-01&dateTo=2026-02-20')).filter(isLate)).toHaveLength(1);
  const anchor = all.find(({ bookingDate }) => bookingDate < '2026-03-05' && bookingDate > '2026-03-01')!;
  const since = await read(`${parameter}=${anchor.entryReference}`);
  expect(since.filter(isLate)).toMatchObject([{ bookingDate: '2026-02-10' }]);
  expect(since.filter((entry) => !isLate(entry)).every(({ bookingDate }) => bookingDate > '2026-03-01')).toBe(true);
});
