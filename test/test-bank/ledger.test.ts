import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/kernel/calendar-date.ts';
import { parseIban } from '../../src/kernel/iban.ts';
import { toMinorUnits } from '../../src/kernel/money.ts';
import { ibanOf } from '../../src/test-bank/ledger/identity.ts';
import { ledgerAt, ledgerCache, type Ledger } from '../../src/test-bank/ledger/ledger.ts';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { randomScenario } from './random-scenario.ts';

const epoch = '2026-01-01';
const at = (day: string) => new Date(`${day}T12:00:00Z`);
const someDay = fc.integer({ min: -5, max: 500 }).map((days) => addDays(epoch, days));

function everything(ledger: Ledger): unknown {
  return ledger.accounts.map(({ id }) => {
    const book = ledger.account(id)!;
    return [id, book.bookedBalance, book.expectedBalance, book.booked(0, book.bookedCount), book.pending()];
  });
}

describe('for any scenario', () => {
  test('the balance is the opening balance and everything booked', () => {
    fc.assert(
      fc.property(randomScenario, someDay, (scenario, day) => {
        const ledger = ledgerAt(scenario, at(day));
        for (const account of ledger.accounts) {
          const book = ledger.account(account.id)!;
          const units = (amount: string) => toMinorUnits(amount, account.currency)!;
          const booked = book.booked(0, book.bookedCount).map(({ money }) => units(money.amount));
          const opening = units(String(account.openingBalance));
          expect(units(book.bookedBalance.amount)).toBe(booked.reduce((sum, value) => sum + value, opening));
          const pending = book.pending().map(({ money }) => units(money.amount));
          expect(units(book.expectedBalance.amount)).toBe(
            pending.reduce((sum, value) => sum + value, units(book.bookedBalance.amount)),
          );
        }
      }),
    );
  });

  test('going day by day ends where a jump ends, whatever was asked before', () => {
    fc.assert(
      fc.property(randomScenario, fc.integer({ min: 1, max: 120 }), (scenario, days) => {
        const cache = ledgerCache();
        for (let day = -2; day < days; day += 1) everything(cache.at(scenario, at(addDays(epoch, day))));
        const stepped = everything(cache.at(scenario, at(addDays(epoch, days))));
        expect(JSON.stringify(stepped)).toBe(JSON.stringify(everything(ledgerAt(scenario, at(addDays(epoch, days))))));
      }),
      { numRuns: 30 },
    );
  });

  test('what is booked stays, in its place and with its id', () => {
    fc.assert(
      fc.property(randomScenario, someDay, fc.integer({ min: 0, max: 400 }), (scenario, day, later) => {
        const before = ledgerAt(scenario, at(day));
        const after = ledgerAt(scenario, at(addDays(day, later)));
        for (const { id } of before.accounts) {
          const old = before.account(id)!;
          const book = after.account(id);
          if (book) expect(book.booked(0, old.bookedCount)).toEqual(old.booked(0, old.bookedCount));
        }
      }),
    );
  });

  test('ids are unique among what is booked and every booked entry is found by its id', () => {
    fc.assert(
      fc.property(randomScenario, someDay, (scenario, day) => {
        const ledger = ledgerAt(scenario, at(day));
        for (const { id } of ledger.accounts) {
          const book = ledger.account(id)!;
          const ids = book.booked(0, book.bookedCount).map((movement) => movement.id);
          expect(new Set(ids).size).toBe(ids.length);
          const last = ids.length - 1;
          if (last >= 0) expect(book.find(ids[last]!)).toBe(last);
        }
      }),
    );
  });
});

test('two readings of the default household are the same text, and it is what it was', async () => {
  const [first, second] = [await loadScenario(), await loadScenario()];
  const day = at('2026-11-23');
  expect(JSON.stringify(everything(ledgerAt(first, day)))).toBe(JSON.stringify(everything(ledgerAt(second, day))));
  const book = ledgerAt(first, day).account('alice-current')!;
  expect(book.booked(book.bookedCount - 3, book.bookedCount).map(({ text, money }) => `${money.amount} ${text}`))
    .toMatchInlineSnapshot(`
    [
      "-41.04 CHEQUE 18",
      "-99.81 FACTURE CARTE DU 211126 LIDL 2187 VILLEURBANNE CARTE 4974XXXXXXXX1234",
      "-2.93 FACTURE CARTE DU 211126 BOULANGERIE DU MARCHE LYON CARTE 4974XXXXXXXX1234",
    ]
  `);
});

test('the default household stays believable for decades: two years of salary, no drift into debt or riches', async () => {
  const scenario = await loadScenario();
  for (const year of [2025, 2026, 2027, 2028, 2030]) {
    const book = ledgerAt(scenario, at(`${year}-06-15`)).account('alice-current')!;
    const since = book.booked(book.positionOf(`${year - 2}-06-15`), book.bookedCount);
    expect(since.filter(({ text }) => text.includes('MOTIF SALAIRE'))).toHaveLength(24);
    expect(Math.abs(Number(book.bookedBalance.amount))).toBeLessThan(15_000);
  }
});

test('every drawn IBAN has right check digits', async () => {
  const scenario = await loadScenario();
  for (const account of scenario.accounts) {
    const iban = ibanOf(scenario, account);
    if (iban !== null) expect(parseIban(iban)).toBe(iban);
  }
});
