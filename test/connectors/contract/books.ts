import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BankAccount, BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { addDays } from '../../../src/kernel/calendar-date.ts';
import { canonicalAmount } from '../../../src/kernel/money.ts';
import { alice, openHouse, type House, type Linked } from './house.ts';
import type { ContractSubject } from './subject.ts';

/** What the bank keeps comes out exactly, by whatever way the person gave access. */
export function describeBooks(subject: ContractSubject): void {
  describe.each(subject.profiles)('at a bank with $name', (profile) => {
    const days = profile.days ?? 400;
    let house: House;
    let linked: Linked;
    let accounts: readonly BankAccount[];
    beforeAll(async () => {
      house = await openHouse(subject, profile);
      linked = await house.link(alice);
      accounts = await linked.accounts();
    });
    afterAll(() => house.close());

    const book = () => house.bank.ledger().account('alice-current')!;
    const current = () => {
      const found = accounts.find(({ type }) => type === 'CHECKINGS');
      if (!found) throw new Error('No current account is listed.');
      return found;
    };

    test('lists the accounts with what identifies them', () => {
      expect(current()).toMatchObject({ currency: 'EUR', isClosed: false });
      expect(current().name).not.toBe('');
      for (const { iban, maskedPan, otherIdentification } of accounts)
        expect(iban ?? maskedPan ?? otherIdentification).not.toBe('');
      expect(new Set(accounts.map(({ bankAccountId }) => bankAccountId)).size).toBe(accounts.length);
    });

    test('gives the same accounts and session when it is asked again after a restart', async () => {
      // A session is stored as JSON between any two calls.
      const stored = house.linked(JSON.parse(JSON.stringify(linked.session)));
      expect(await stored.accounts()).toEqual(accounts);
    });

    test('reads every booked transaction exactly as the bank keeps it', async () => {
      const transactions = await linked.transactions(current(), days);
      const from = book().positionOf(addDays(house.today(), -days));
      const expected = book()
        .booked(from, book().bookedCount)
        .map(({ money, bookedOn, valueOn }) => ({ day: bookedOn ?? valueOn, amount: money.amount }));
      const read = transactions.filter(({ status }) => status === 'BOOKED');
      // Pages may overlap, so the ids tell how often an entry is there; without ids a bank must not overlap.
      const seen = profile.lacksIds ? read : [...new Map(read.map((each) => [idOf(each), each])).values()];
      expect(expected.length).toBeGreaterThan(days / 2);
      const text = ({ day, amount }: { day: string | null; amount: string }) =>
        profile.lacksBookingDates ? amount : `${day} ${amount}`;
      const found = seen.map(({ bookedOn, money }) => text({ day: bookedOn, amount: money.amount }));
      expect(found.toSorted()).toEqual(expected.map(text).toSorted());
    });

    test.runIf(profile.quirks?.['delta'] === 'entry-reference')(
      'reads after an entry all that it reads by days, and refuses an entry that the bank does not know',
      async () => {
        expect(house.connector.offersDelta?.(house.call().endpoint)).toBe(true);
        const from = addDays(house.today(), -20);
        const all = await linked.transactions(current(), days);
        const before = all.filter(({ status, bookedOn }) => status === 'BOOKED' && (bookedOn ?? from) < from);
        const newest = before
          .map(({ bookedOn }) => bookedOn ?? '')
          .toSorted()
          .at(-1);
        const { entryReference } = before.find(({ bookedOn }) => bookedOn === newest)!;
        const anchor = { entryReference: entryReference!, notBefore: '2025-01-01' };
        const texts = (entries: readonly BankTransaction[]) =>
          [
            ...new Set(entries.filter(({ bookedOn }) => (bookedOn ?? from) >= from).map((one) => JSON.stringify(one))),
          ].toSorted();
        const byDays = texts(await linked.transactions(current(), 20));
        expect(byDays.length).toBeGreaterThan(10);
        expect(byDays.some((text) => text.includes('"PENDING"'))).toBe(true);
        expect(texts(await linked.transactions(current(), 20, anchor))).toEqual(byDays);
        expect(await linked.transactions(current(), 20, { ...anchor, entryReference: 'unknown' })).toEqual([]);
      },
    );

    test('reads balances that agree with the books', async () => {
      const balances = await linked.balances(current());
      expect(balances.length).toBeGreaterThan(0);
      const booked = balances.find(({ type }) => type === 'INTERIM_BOOKED' || type === 'CLOSING_BOOKED');
      if (profile.lacksBookedBalance) expect(booked).toBeUndefined();
      else expect(booked?.money).toEqual(book().bookedBalance);
      for (const { money } of balances) expect(canonicalAmount(money.amount, money.currency)).toBe(money.amount);
    });

    test('gives texts that are clean and a label for each', async () => {
      const transactions = await linked.transactions(current(), Math.min(days, 30));
      expect(transactions.length).toBeGreaterThan(0);
      for (const { label, bankText, status } of transactions) {
        expect(`${label}${bankText.replaceAll('\n', '')}`).not.toMatch(/\p{C}/u);
        if (status === 'BOOKED') expect(label).not.toBe('');
      }
    });
  });
}

function idOf({ bankTransactionId, entryReference }: BankTransaction): string | null {
  return bankTransactionId ?? entryReference;
}
