import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayOverlap, movedBy } from '../../../src/connectors/portal/seam.ts';
import type { StatementRow } from '../../../src/connectors/portal/statement-page.ts';

const rowOf = (text: string, day = ''): StatementRow => ({
  isPending: false,
  day,
  valueDay: '',
  text,
  amount: '1,00 €',
  isDebit: true,
  id: '',
});

test('whatever is booked between two pages, the entries of both are put together without one twice or lost', () => {
  const history = fc.array(fc.constantFrom('coffee', 'bread', 'tea'), { minLength: 10, maxLength: 30 });
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 5, max: 9 }), (texts, booked, size) => {
      // Newest first; twins of one day look alike, and no page holds a single day.
      const rows = texts.map((text, index) => rowOf(text, `day ${100 - Math.floor(index / 3)}`));
      const later = [...Array.from({ length: booked }, () => rowOf('coffee', 'day 101')), ...rows];
      const first = rows.slice(0, size);
      const second = later.slice(size, 2 * size);
      const moved = mayOverlap(first, second) ? movedBy(first, later.slice(0, size)) : 0;
      expect(moved).toBe(booked);
      expect([...first, ...second.slice(booked)]).toEqual(rows.slice(0, 2 * size - booked));
    }),
  );
});

test('a page that shows nothing of what it did is told as such', () => {
  expect(movedBy([rowOf('a'), rowOf('b')], [rowOf('c'), rowOf('d')])).toBeNull();
  expect(mayOverlap([rowOf('a')], [])).toBe(false);
});
