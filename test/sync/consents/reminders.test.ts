import { describe, expect, it } from 'vitest';
import { planReminder } from '../../../src/domain/consent-reminder.ts';
import { watchConsents } from '../../../src/jobs/watch-consents.ts';
import { linkedDays } from '../../support/bank-days.ts';

const timeZone = 'Europe/Paris';
const at = (text: string) => new Date(`${text}Z`);

describe('the plan of reminders', () => {
  const plan = (now: string, remindedDays: number | null = null) =>
    planReminder({ validUntil: '2026-07-04', timeZone, remindedDays }, at(now));

  it.each([
    ['2026-06-03T12:00:00', null, { status: 'ACTIVE', daysLeftToTell: null, remindAt: at('2026-06-04T06:00:00') }],
    ['2026-06-04T06:00:00', null, { status: 'EXPIRING', daysLeftToTell: 30, remindAt: at('2026-06-27T06:00:00') }],
    ['2026-06-04T06:00:00', 30, { status: 'EXPIRING', daysLeftToTell: null, remindAt: at('2026-06-27T06:00:00') }],
    // Down for three weeks: only the nearest.
    ['2026-06-28T12:00:00', 30, { status: 'EXPIRING', daysLeftToTell: 6, remindedDays: 7 }],
    ['2026-07-04T06:00:00', 1, { status: 'EXPIRING', daysLeftToTell: 0, remindAt: at('2026-07-04T22:00:00') }],
    // Prolonged by the bank: the next reminder counts anew.
    ['2026-06-10T12:00:00', 7, { status: 'EXPIRING', daysLeftToTell: null, remindedDays: 30 }],
  ])('at %s, reminded %s', (now, reminded, planned) => {
    expect(plan(now, reminded)).toMatchObject(planned);
  });

  it('ends with the last day at the bank', () => {
    expect(plan('2026-07-04T21:59:59').kind).toBe('VALID');
    expect(plan('2026-07-04T22:00:00').kind).toBe('EXPIRED');
  });
});

it('each reminder is given once, by any number of workers, and the end is told without asking the bank', async () => {
  const days = await linkedDays();
  const [consent] = await days.consents();
  expect(consent?.validUntil).toBe('2026-07-04');
  await days.context.database.sql`update connections set is_auto_sync = false, next_sync_at = null`;
  const calls = days.server.bank.calls.after(0).length;
  while (days.clock.now() < at('2026-07-06T00:00:00')) {
    days.clock.advance(6 * 3_600_000);
    await Promise.all([watchConsents(days.context), watchConsents(days.context), watchConsents(days.context)]);
  }
  const told = (await days.events('consent.')).slice(2);
  expect(told.map(({ type, facts }) => [type, facts['daysLeft']])).toEqual([
    ['consent.expiring', 30],
    ['consent.expiring', 7],
    ['consent.expiring', 1],
    ['consent.expiring', 0],
    ['consent.expired', undefined],
  ]);
  expect(days.server.bank.calls.after(0)).toHaveLength(calls);
  expect(await days.connection()).toMatchObject({ status: 'ACTION_REQUIRED', failure: { code: 'CONSENT_EXPIRED' } });
  expect(await days.channel()).toMatchObject({ status: 'ACTION_REQUIRED', failure: { code: 'CONSENT_EXPIRED' } });
});

it('after a standstill only the nearest reminder comes, and a consent that ended meanwhile is just over', async () => {
  const days = await linkedDays();
  days.clock.set(at('2026-06-30T12:00:00'));
  await watchConsents(days.context);
  days.clock.set(at('2026-08-01T12:00:00'));
  await watchConsents(days.context);
  const told = (await days.events('consent.')).slice(2);
  expect(told.map(({ type, facts }) => [type, facts['daysLeft']])).toEqual([
    ['consent.expiring', 4],
    ['consent.expired', undefined],
  ]);
});
