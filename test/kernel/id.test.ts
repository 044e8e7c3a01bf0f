import { describe, expect, it } from 'vitest';
import { isId, newId, parseId } from '../../src/kernel/id.ts';

const noon = new Date('2026-01-15T12:00:00.000Z');

describe('ids', () => {
  it('carry the prefix of their kind and are recognised as that kind only', () => {
    const id = newId('account', noon);
    expect(id).toMatch(/^acc_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(isId('account', id)).toBe(true);
    expect(isId('transaction', id)).toBe(false);
  });

  it('made later sort later', () => {
    const ids = Array.from({ length: 50 }, (_, index) => newId('event', new Date(noon.getTime() + index * 7)));
    expect([...ids].sort()).toEqual(ids);
  });

  it('never repeat within one millisecond', () => {
    const ids = new Set(Array.from({ length: 20_000 }, () => newId('transaction', noon)));
    expect(ids.size).toBe(20_000);
  });

  it.each([
    '',
    'acc_',
    'acc_short',
    'txn_00000000000000000000000000',
    `acc_${'u'.repeat(26)}`,
    `acc_${'0'.repeat(27)}`,
  ])('refuses %j', (text) => {
    expect(parseId('account', text)).toBeNull();
  });
});
