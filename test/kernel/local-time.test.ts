import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dateIn } from '../../src/kernel/calendar-date.ts';
import { instantAt, millisecondsOfDay, nextMidnight } from '../../src/kernel/local-time.ts';

const zones = fc.constantFrom('Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
const instants = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((at) => new Date(Math.floor(at.getTime() / 60_000) * 60_000));
const hour = 3_600_000;

it('a day begins where the date changes, on days of 23 and 25 hours too', () => {
  fc.assert(
    fc.property(zones, instants, (zone, at) => {
      const midnight = nextMidnight(zone, at);
      expect(midnight.getTime() - at.getTime()).toBeGreaterThan(0);
      expect(midnight.getTime() - at.getTime()).toBeLessThanOrEqual(25 * hour);
      expect(dateIn(zone, new Date(midnight.getTime() - 1))).toBe(dateIn(zone, at));
      expect(dateIn(zone, midnight) > dateIn(zone, at)).toBe(true);
    }),
  );
});

it('a time of day is shown by the clocks at its instant, except where they skip it', () => {
  fc.assert(
    fc.property(zones, instants, fc.integer({ min: 5 * hour, max: 24 * hour - 1 }), (zone, at, time) => {
      const instant = instantAt(zone, dateIn(zone, at), time);
      expect(millisecondsOfDay(zone, instant)).toBe(time);
      expect(dateIn(zone, instant)).toBe(dateIn(zone, at));
    }),
  );
  expect(instantAt('Europe/Paris', '2026-03-29', 2.5 * hour)).toEqual(new Date('2026-03-29T01:30:00Z'));
  expect(instantAt('Europe/Paris', '2026-10-25', 2.5 * hour)).toEqual(new Date('2026-10-25T00:30:00Z'));
});
