import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextDailySync, nextSyncAfter } from '../../src/sync/next-sync.ts';
import { overlapOf } from '../../src/sync/collect.ts';
import { matchAccounts } from '../../src/sync/match-accounts.ts';
import { planWindow } from '../../src/sync/plan-window.ts';
import { millisecondsOfDay } from '../../src/kernel/local-time.ts';
import { bankAccount, bankTransaction } from '../support/fake-connector.ts';

const facts = {
  today: '2026-03-02',
  historyDays: 90,
  coveredFrom: '2025-12-02',
  newestBookedOn: '2026-02-28',
  oldestPendingOn: null,
};

describe('the window', () => {
  it.each([
    ['takes the whole history at first', { coveredFrom: null, newestBookedOn: null }, '2025-12-02'],
    ['overlaps what is newest', {}, '2026-02-18'],
    ['reaches back to what is pending', { oldestPendingOn: '2026-02-20' }, '2026-02-10'],
    ['never begins before what was covered', { coveredFrom: '2026-02-25' }, '2026-02-25'],
    ['never begins before what the bank tells', { newestBookedOn: '2024-01-01' }, '2025-12-02'],
    ['reads all again while nothing is booked', { newestBookedOn: null }, '2025-12-02'],
  ])('%s', (_, over, from) => {
    expect(planWindow({ ...facts, ...over })).toEqual({ from, to: '2026-03-02' });
  });
});

describe('the next sync', () => {
  const connection = { connectionId: 'x', timeZone: 'Europe/Paris' };
  const now = new Date('2026-03-02T12:00:00Z');
  const hour = 3_600_000;

  it('is at the same time of each morning at the bank, 4 to 29 hours away, on days of 23 and 25 hours too', () => {
    const zones = fc.constantFrom('Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland');
    fc.assert(
      fc.property(fc.string(), zones, fc.integer({ min: 0, max: 30_000_000 }), (connectionId, timeZone, minutes) => {
        const at = new Date(minutes * 60_000);
        const next = nextDailySync({ connectionId, timeZone }, at);
        expect(next.getTime() - at.getTime()).toBeGreaterThanOrEqual(4 * hour);
        expect(next.getTime() - at.getTime()).toBeLessThan(29 * hour);
        const time = millisecondsOfDay(timeZone, next);
        expect(time).toBeGreaterThanOrEqual(5 * hour);
        expect(time).toBeLessThan(9 * hour);
        expect(millisecondsOfDay(timeZone, nextDailySync({ connectionId, timeZone }, next))).toBe(time);
      }),
    );
  });

  it('spreads the connections of a bank over the morning', () => {
    const slots = Array.from({ length: 4_000 }, (_, index) =>
      Math.floor(
        millisecondsOfDay('Europe/Paris', nextDailySync({ ...connection, connectionId: `con_${index}` }, now)) / hour,
      ),
    );
    const counts = [5, 6, 7, 8].map((one) => slots.filter((slot) => slot === one).length);
    for (const count of counts) expect(count).toBeGreaterThan(800);
  });

  it('is sooner after a failure that passes, never before the bank allows, and never while it books', () => {
    const failure = { code: 'BANK_RATE_LIMITED', message: 'Later.' } as const;
    expect(nextSyncAfter(connection, now, failure)).toEqual({ at: new Date('2026-03-02T18:00:00Z'), reason: 'RETRY' });
    const asked = { ...failure, retryAt: '2026-03-03T10:00:00.000Z' };
    expect(nextSyncAfter(connection, now, asked).at).toEqual(new Date('2026-03-03T10:00:00Z'));
    const midnight = nextSyncAfter(connection, now, { ...failure, retryAt: '2026-03-02T23:00:00.000Z' });
    expect(midnight.at).toEqual(nextDailySync(connection, now));
  });

  it('waits for the budget, and says so', () => {
    const failure = { code: 'SYNC_BUDGET_EXHAUSTED', message: 'Enough.', retryAt: '2026-03-02T14:00:00.000Z' } as const;
    expect(nextSyncAfter(connection, now, failure)).toEqual({ at: new Date('2026-03-02T14:00:00Z'), reason: 'BUDGET' });
  });

  it('is the next day after a failure that waiting does not mend', () => {
    const failure = { code: 'CONNECTOR_BUG', message: 'Ours.' } as const;
    expect(nextSyncAfter(connection, now, failure)).toEqual({ at: nextDailySync(connection, now), reason: 'DAILY' });
  });
});

describe('pages that overlap', () => {
  const withId = (id: string | null) => bankTransaction({ bankTransactionId: id });
  it('show an entry once', () => {
    expect(overlapOf([withId('a'), withId('b')], [withId('b'), withId('c')])).toBe(1);
    expect(overlapOf([withId('a'), withId('b')], [withId('a'), withId('b')])).toBe(2);
  });
  it('lose no twin: without an id, what is equal counts twice', () => {
    expect(overlapOf([withId(null)], [withId(null)])).toBe(0);
    expect(overlapOf([withId('a')], [withId('b')])).toBe(0);
  });
});

describe('an account', () => {
  const stored = (over: Parameters<typeof bankAccount>[0]) =>
    ({ ...bankAccount(over), id: `acc-${over?.bankAccountId}`, deletedAt: null, status: 'ACTIVE' }) as never;
  const idsOf = (matching: ReturnType<typeof matchAccounts>) => [
    matching.known.map((pair) => [pair.account.bankAccountId, pair.listed.bankAccountId]),
    matching.created.map((one) => one.bankAccountId),
    matching.missing.map((one) => one.bankAccountId),
  ];
  const other = 'FR1420041010050500013M02606';

  it('is known by its IBAN and currency, not by the id of the bank', () => {
    const listed = [
      bankAccount({ bankAccountId: 'a', iban: other }),
      bankAccount({ bankAccountId: 'x' }),
      bankAccount({ bankAccountId: 'y', currency: 'USD' }),
    ];
    expect(idsOf(matchAccounts([stored({ bankAccountId: 'a' })], listed))).toEqual([[['a', 'x']], ['a', 'y'], []]);
  });

  it('is told from the card that carries its IBAN by its type', () => {
    const known = [stored({ bankAccountId: 'a' }), stored({ bankAccountId: 'b', type: 'CREDIT_CARD' })];
    const listed = [bankAccount({ bankAccountId: 'y', type: 'CREDIT_CARD' }), bankAccount({ bankAccountId: 'x' })];
    expect(idsOf(matchAccounts(known, listed))).toEqual([
      [
        ['b', 'y'],
        ['a', 'x'],
      ],
      [],
      [],
    ]);
  });

  it('is known by elimination, but never against its identification', () => {
    const nameless = stored({ bankAccountId: 'a', iban: null });
    expect(idsOf(matchAccounts([nameless], [bankAccount({ bankAccountId: 'x' })]))).toEqual([[['a', 'x']], [], []]);
    const named = stored({ bankAccountId: 'a' });
    const listed = [bankAccount({ bankAccountId: 'a', iban: other })];
    expect(idsOf(matchAccounts([named], listed))).toEqual([[], ['a'], ['a']]);
  });
});
