import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/kernel/json-text.ts';

test('writes every text as JSON.stringify does, also with quotes, control characters and half of a pair', () => {
  const unit = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      const text = String.fromCharCode(...units);
      expect(jsonText(text)).toBe(JSON.stringify(text));
    }),
  );
});
