import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  budgetState,
  forgottenUntil,
  listingCalls,
  readingCalls,
  syncOpensAt,
  type BudgetRule,
  type SpentCalls,
} from '../../src/domain/unattended-budget.ts';

const rule: BudgetRule = {
  limit: 4,
  countedBy: 'RESOURCE',
  window: 'ROLLING_DAY',
  timeZone: 'Europe/Paris',
  callsPerListing: 1,
  callsPerReport: 1,
};
const at = (text: string) => new Date(`2026-03-${text}:00Z`);
const spent = (group: string, ...times: string[]): SpentCalls => ({
  group,
  calledAt: times.map(at),
  blockedUntil: null,
});

describe('what is left of a budget', () => {
  it('is all of it while nothing is spent', () => {
    expect(budgetState(rule, [], at('02T12:00'))).toEqual({ limit: 4, remaining: 4, resetsAt: null });
  });

  it('is that of the group that has least, until its oldest call is a day old', () => {
    const ledger = [spent('accounts', '02T06:00', '02T09:00'), spent('transactions:a', '02T07:00')];
    expect(budgetState(rule, ledger, at('02T12:00'))).toEqual({ limit: 4, remaining: 2, resetsAt: at('03T06:00') });
    expect(budgetState(rule, ledger, at('03T06:00'))).toEqual({ limit: 4, remaining: 3, resetsAt: at('03T09:00') });
  });

  it('comes back at the midnight of a bank that counts by its own day', () => {
    const byDay = { ...rule, window: 'BANK_DAY' } as const;
    // Midnight in Paris is 23:00 UTC in winter.
    const ledger = [spent('accounts', '02T22:30', '02T23:30')];
    expect(budgetState(byDay, ledger, at('02T22:59'))).toMatchObject({ remaining: 2, resetsAt: at('02T23:00') });
    expect(budgetState(byDay, ledger, at('03T12:00'))).toMatchObject({ remaining: 3, resetsAt: at('03T23:00') });
  });

  it('is nothing while the bank itself refuses', () => {
    const ledger = [{ ...spent('accounts', '02T06:00'), blockedUntil: at('02T18:00') }];
    expect(budgetState(rule, ledger, at('02T12:00'))).toMatchObject({ remaining: 0, resetsAt: at('02T18:00') });
    expect(budgetState(rule, ledger, at('02T18:00'))).toMatchObject({ remaining: 3 });
  });
});

describe('when a sync can run', () => {
  const used = ['02T06:00', '02T07:00', '02T08:00', '02T09:00'];
  it('is now while list and one account can be read', () => {
    const ledger = [spent('accounts', '02T06:00'), spent('balances:a', ...used)];
    expect(syncOpensAt(rule, ledger, ['a', 'b'], at('02T12:00'))).toEqual(at('02T12:00'));
  });

  it('is when the first group that is needed has a call again', () => {
    expect(syncOpensAt(rule, [spent('accounts', ...used)], [], at('02T12:00'))).toEqual(at('03T06:00'));
    const ledger = [spent('accounts', '02T06:00'), spent('balances:a', ...used)];
    expect(syncOpensAt(rule, ledger, ['a'], at('02T12:00'))).toEqual(at('03T06:00'));
  });

  it('counts list and account together at a bank that counts the whole consent', () => {
    const byConsent = { ...rule, countedBy: 'CONSENT' } as const;
    expect(syncOpensAt(byConsent, [spent('consent', '02T06:00')], ['a'], at('02T12:00'))).toEqual(at('02T12:00'));
    const two = spent('consent', '02T06:00', '02T07:00');
    expect(syncOpensAt(byConsent, [two], ['a'], at('02T12:00'))).toEqual(at('03T06:00'));
  });

  it('is never where a day’s calls are too few', () => {
    expect(syncOpensAt({ ...rule, countedBy: 'CONSENT', limit: 2 }, [], ['a'], at('02T12:00'))).toBe(null);
  });
});

it('what a sync spends is never more than a bank of any habit allows in any 24 hours', () => {
  const rules = fc.record({
    limit: fc.integer({ min: 1, max: 6 }),
    countedBy: fc.constantFrom('RESOURCE' as const, 'ACCOUNT' as const, 'CONSENT' as const),
    window: fc.constantFrom('ROLLING_DAY' as const, 'BANK_DAY' as const),
    timeZone: fc.constantFrom('Europe/Paris', 'America/New_York'),
    callsPerListing: fc.integer({ min: 1, max: 2 }),
    callsPerReport: fc.integer({ min: 1, max: 2 }),
  });
  fc.assert(
    fc.property(rules, fc.array(fc.integer({ min: 0, max: 30 * 3600 }), { maxLength: 30 }), (some, pauses) => {
      const ledger = new Map<string, Date[]>();
      const shown = () => [...ledger].map(([group, calledAt]) => ({ group, calledAt, blockedUntil: null }));
      let now = new Date('2026-03-25T12:00:00Z');
      for (const seconds of pauses) {
        now = new Date(now.getTime() + seconds * 1000);
        const opensAt = syncOpensAt(some, shown(), ['a'], now);
        if (!opensAt) return;
        now = opensAt;
        for (const { group, calls } of [...listingCalls(some), ...readingCalls(some, 'a')]) {
          ledger.set(group, [...(ledger.get(group) ?? []), ...Array.from({ length: calls }, () => now)]);
        }
        for (const times of ledger.values()) {
          const since = forgottenUntil(some, now);
          expect(times.filter((time) => time > since).length).toBeLessThanOrEqual(some.limit);
        }
        expect(budgetState(some, shown(), now).remaining).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});
