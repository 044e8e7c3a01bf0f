import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlapOf } from '../../src/sync/collect.ts';
import { bankTransaction } from '../support/fake-connector.ts';

const withIds = (ids: readonly (string | null)[]) =>
  ids.map((bankTransactionId) => bankTransaction({ bankTransactionId }));

type Ids = readonly (string | null)[];

/** The same by trying every length, and every entry of it. */
function naiveOverlap(collected: Ids, page: Ids): number {
  for (let length = Math.min(collected.length, page.length); length > 0; length -= 1) {
    const [end, begin] = [collected.slice(-length), page.slice(0, length)];
    if (!begin.every((id, index) => id !== null && id === end[index])) continue;
    const isOnce = (ids: Ids, id: string | null) => ids.filter((one) => one === id).length === 1;
    if (begin.some((id) => isOnce(collected, id) && isOnce(page, id))) return length;
  }
  return 0;
}

describe('pages that overlap', () => {
  const ids = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', null), { maxLength: 12 });
  const unique = fc.uniqueArray(fc.constantFrom('a', 'b', 'f', 'g', 'h', 'i', 'j'), { maxLength: 8 });

  it('are told as by trying every length', () => {
    fc.assert(
      fc.property(ids, ids, unique, ids, (head, shared, marks, rest) => {
        const middle = [...shared, ...marks];
        for (const [left, right] of [
          [head, rest],
          [
            [...head, ...middle],
            [...middle, ...rest],
          ],
        ] as const)
          expect(overlapOf(withIds(left), withIds(right))).toBe(naiveOverlap(left, right));
      }),
      { numRuns: 1000 },
    );
  });

  it('keep twins that share one id, on this side of the border and on the other', () => {
    expect(overlapOf(withIds(['x', 'n', 'n']), withIds(['n', 'y']))).toBe(0);
    expect(overlapOf(withIds(['x', 'n']), withIds(['n', 'n', 'y']))).toBe(0);
    expect(overlapOf(withIds(['u', 'n', 'n']), withIds(['u', 'n', 'n', 'y']))).toBe(3);
  });

  it('do not take the time of their square where all entries but the last are equal', () => {
    let reads = 0;
    const counted = (bankText: string) => {
      const entry = bankTransaction({ bankTransactionId: 'same' });
      return Object.defineProperty({ ...entry }, 'bankText', { get: () => ((reads += 1), bankText) });
    };
    const equal = Array.from({ length: 2_000 }, () => counted('x'));
    expect(overlapOf(equal, [...equal.slice(1), counted('y')])).toBe(0);
    expect(reads).toBeLessThan(20_000);
  });
});
