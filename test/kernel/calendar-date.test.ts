import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dateIn, daysBetween, isCalendarDate } from '../../src/kernel/calendar-date.ts';

describe('calendar dates', () => {
  it.each(['2026-02-30', '2026-13-01', '0000-01-01', '1899-12-31', '2026-1-1', '2026-01-01T00:00:00Z', ''])(
    'refuses %j',
    (text) => {
      expect(isCalendarDate(text)).toBe(false);
    },
  );

  it('accepts a leap day in a leap year only', () => {
    expect([isCalendarDate('2024-02-29'), isCalendarDate('2025-02-29')]).toEqual([true, false]);
  });

  it('adds days over months, years and daylight saving', () => {
    expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
    expect(addDays('2024-12-31', 1)).toBe('2025-01-01');
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  });

  it('counts the days it adds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), (days) => {
        expect(daysBetween('2026-06-15', addDays('2026-06-15', days))).toBe(days);
      }),
    );
  });

  it('tells the day of an instant in the zone of the bank', () => {
    const at = new Date('2026-06-30T22:30:00Z');
    expect([dateIn('Europe/Paris', at), dateIn('UTC', at), dateIn('America/New_York', at)]).toEqual([
      '2026-07-01',
      '2026-06-30',
      '2026-06-30',
    ]);
  });
});
