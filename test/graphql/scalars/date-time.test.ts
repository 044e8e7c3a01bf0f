import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantText } from '../../../src/graphql/scalars/date-time.ts';

test('writes instants as toISOString does, whichever came before, also before 1970 and after the year 9999', () => {
  const near = fc.integer({ min: -3000, max: 3000 });
  const any = fc.date({ noInvalidDate: true }).map((at) => at.getTime());
  fc.assert(
    fc.property(fc.array(fc.oneof(near, any), { minLength: 1, maxLength: 8 }), (all) => {
      for (const at of all) expect(instantText(new Date(at))).toBe(new Date(at).toISOString());
    }),
  );
});

test('refuses a date that is none', () => {
  expect(() => instantText(new Date(Number.NaN))).toThrow(RangeError);
});
