import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { noon, openBankAt } from '../support.ts';
import { customerOf, portalScenario, problemOf } from './customer.ts';

let bank: TestBank | null = null;
afterEach(() => bank?.close());

async function openWithKeypad() {
  const scenario = portalScenario({ portal: { keypad: 'shuffled' }, person: { password: '140789' } });
  bank = await openBankAt(noon, { scenario });
  return customerOf(bank);
}

/** The digit of each key, by position. */
function keysOf({ html }: { html: string }): string[] {
  return [...html.matchAll(/name="key"\s+value="(\d)"[^>]*>\s*(\d)\s*<\/button>/g)].map(([, , digit = '']) => digit);
}

const positionsOf = (keys: readonly string[], digits: string) =>
  digits
    .split('')
    .map((digit) => keys.indexOf(digit))
    .join('');

describe('the keypad', () => {
  it('has each digit once and takes the positions of the digits', async () => {
    const customer = await openWithKeypad();
    const keys = keysOf(await customer.get('/portal'));
    expect(keys.toSorted()).toEqual('0123456789'.split(''));
    const page = await customer.post({ login: 'alice', positions: positionsOf(keys, '140789') });
    expect(page.address).toBe('/portal/comptes');
  });

  it('takes one key after another without a script, and forgets them when asked', async () => {
    const customer = await openWithKeypad();
    const keys = keysOf(await customer.get('/portal'));
    let page = await customer.post({ login: 'alice', positions: '12', key: 'clear' });
    expect(page.html).toMatch(/name="positions" value=""/);
    for (const position of positionsOf(keys, '140789').split('')) {
      const positions = /name="positions" value="(\d*)"/.exec(page.html)?.[1] ?? '';
      // oxlint-disable-next-line no-await-in-loop -- keys are pressed one after another
      page = await customer.post({ login: 'alice', positions, key: position });
      expect(keysOf(page)).toEqual(keys);
    }
    const positions = /name="positions" value="(\d*)"/.exec(page.html)?.[1] ?? '';
    expect((await customer.post({ login: 'alice', positions })).address).toBe('/portal/comptes');
  });

  it('refuses the digits themselves in place of positions, and changes the places of the keys then', async () => {
    const customer = await openWithKeypad();
    const keys = keysOf(await customer.get('/portal'));
    // Digits typed as positions are right only where each digit stands at its own place.
    const shown = positionsOf(keys, '140789') === '140789' ? '140788' : '140789';
    const page = await customer.post({ login: 'alice', positions: shown });
    expect(problemOf(page)).toBe('refused');
    expect(keysOf(page)).toHaveLength(10);
    expect(page.html).toMatch(/name="positions" value=""/);
  });

  it('does not take a password in place of positions', async () => {
    const customer = await openWithKeypad();
    await customer.get('/portal');
    expect(problemOf(await customer.post({ login: 'alice', password: '140789' }))).toBe('refused');
  });
});
