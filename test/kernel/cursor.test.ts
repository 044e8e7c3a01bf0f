import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../src/kernel/cursor.ts';

describe('cursors', () => {
  it('come back as they went', () => {
    const part = fc.stringMatching(/^[ -9;-~]{0,20}$/);
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        expect(decodeCursor('evt', encodeCursor('evt', parts))).toEqual(parts);
      }),
    );
  });

  it('are base64url without padding (RFC 4648 section 5)', () => {
    const part = fc.stringMatching(/^[ -9;-~]{0,20}$/);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        expect(encodeCursor('Kind', parts)).toBe(Buffer.from(['Kind', ...parts].join(':')).toString('base64url'));
      }),
    );
  });

  it('of one list are refused by another', () => {
    expect(decodeCursor('txn', encodeCursor('evt', ['1', '2']))).toBeNull();
  });

  it.each(['', '===', 'a b', '😀', 'A'.repeat(500)])('refuse %j', (text) => {
    expect(decodeCursor('evt', text)).toBeNull();
  });
});
