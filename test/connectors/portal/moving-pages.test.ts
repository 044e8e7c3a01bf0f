import { describe, expect, test } from 'vitest';
import type { BankAccount } from '../../../src/domain/bank-snapshot.ts';
import { portalScenario } from '../../test-bank/portal/customer.ts';
import { openSite } from './site.ts';

describe('numbered pages that move while they are read', () => {
  /** Every day the same coffee, so that neighbours look alike, and a purchase that tells the days apart. */
  const coffees = Array.from({ length: 30 }, (_, index) => ({
    on: `2026-02-${String(Math.floor(index / 2) + 12).padStart(2, '0')}`.replace(/-(29|3\d)$/, '-28'),
    kind: 'card',
    amount: '-1.50',
    text: 'CARTE CAFE DU PORT',
  }));

  async function readAcross(bookedAtMidnight: number, pageSize: number): Promise<{ read: number; expected: number }> {
    const tomorrow = Array.from({ length: bookedAtMidnight }, () => ({
      on: '2026-03-11',
      kind: 'card',
      amount: '-1.50',
      text: 'CARTE CAFE DU PORT',
    }));
    const scenario = portalScenario({
      portal: { pageSize, sessionSeconds: 86_400 },
      transactions: [...coffees, ...tomorrow],
    });
    const site = await openSite(scenario);
    const session = await site.enter();
    const [current] = await site.accounts(session);
    const window = { from: '2026-01-01', to: '2026-12-31' };
    let read = 0;
    let pages = 0;
    for await (const page of site.connector.readTransactions(site.call(), session, current as BankAccount, window)) {
      read += page.filter(({ status }) => status === 'BOOKED').length;
      pages += 1;
      if (pages === 2) site.clock.advance(20 * 3_600_000);
    }
    return { read, expected: coffees.length };
  }

  test.each([
    [0, 5],
    [1, 5],
    [3, 7],
    [4, 5],
  ])('count nothing twice and drop no twin: %i more in the night, %i on a page', async (bookedAtMidnight, pageSize) => {
    const { read, expected } = await readAcross(bookedAtMidnight, pageSize);
    expect(read).toBe(expected);
  });
});
