import fc from 'fast-check';
import { addDays } from '../../src/kernel/calendar-date.ts';
import { scenarioOf } from './support.ts';

const epoch = '2026-01-01';
const day = fc.integer({ min: -20, max: 300 }).map((days) => addDays(epoch, days));
const cents = fc.integer({ min: -500_000, max: 500_000 }).map((units) => (units / 100).toFixed(2));
const range = fc
  .tuple(fc.integer({ min: -9000, max: 9000 }), fc.integer({ min: 0, max: 9000 }))
  .map(([min, width]) => ({
    min: (min / 100).toFixed(2),
    max: ((min + width) / 100).toFixed(2),
  }));
const dayOfMonth = fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom('last', 'last-working'));

const schedule = fc.oneof(
  fc.record({ on: day }),
  fc.record({ every: fc.record({ days: fc.integer({ min: 1, max: 40 }), from: day }, { requiredKeys: ['days'] }) }),
  fc.record({
    monthly: fc.record(
      {
        day: dayOfMonth,
        months: fc.integer({ min: 1, max: 4 }),
        roll: fc.constantFrom('none', 'next-working'),
        from: day,
      },
      { requiredKeys: ['day'] },
    ),
  }),
);

const pending = fc.oneof(
  fc.record({
    days: fc.integer({ min: 1, max: 9 }),
    outcome: fc.constantFrom('books', 'vanishes', 'returns-under-another-id'),
  }),
  fc.record({ days: fc.integer({ min: 1, max: 9 }), outcome: fc.constant('changes-amount'), bookedAmount: range }),
);

const rule = fc
  .tuple(
    schedule,
    fc.record(
      {
        amount: fc.oneof(cents, range),
        text: fc.constantFrom('CARTE {dd/mm/yy} {n}', 'VIR {month}'),
        probability: fc.double({ min: 0, max: 1, noNaN: true }),
        jitterDays: fc.integer({ min: 0, max: 12 }),
        times: fc.integer({ min: 1, max: 3 }),
        valueDays: fc.integer({ min: -3, max: 3 }),
        pending,
      },
      { requiredKeys: ['amount', 'text'] },
    ),
  )
  .map(([when, what]) => ({ ...when, ...what }));

const rules = fc.array(rule, { maxLength: 5 });

/** Any bank with a current account, a card that it pays later, and a third account that may open or close. */
export const randomScenario = fc
  .record({
    seed: fc.string({ minLength: 1, maxLength: 8 }),
    opening: cents,
    current: rules,
    card: rules,
    cardDay: dayOfMonth,
    third: rules,
    opensOn: fc.option(day),
    openDays: fc.option(fc.integer({ min: 1, max: 300 })),
  })
  .map(({ seed, opening, current, card, cardDay, third, opensOn, openDays }) =>
    scenarioOf({
      seed,
      epoch,
      bank: { name: 'Any', pageSize: 7 },
      people: [{ id: 'p', name: 'P', login: 'p', password: 'p' }],
      accounts: [
        {
          id: 'current',
          owners: ['p'],
          type: 'checking',
          name: 'Current',
          openingBalance: opening,
          transactions: current,
        },
        {
          id: 'card',
          owners: ['p'],
          type: 'card',
          name: 'Card',
          openingBalance: '0',
          transactions: card,
          deferredDebit: { account: 'current', day: cardDay },
        },
        {
          id: 'third',
          owners: ['p'],
          type: 'checking',
          name: 'Third',
          openingBalance: opening,
          transactions: third,
          ...(opensOn === null ? {} : { opensOn }),
          ...(openDays === null ? {} : { closesOn: addDays(opensOn ?? epoch, openDays) }),
        },
      ],
    }),
  );
