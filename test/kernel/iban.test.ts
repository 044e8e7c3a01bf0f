import { describe, expect, it } from 'vitest';
import { maskIban, parseIban } from '../../src/kernel/iban.ts';

describe('IBAN', () => {
  it.each([
    ['FR76 3000 6000 0112 3456 7890 189', 'FR7630006000011234567890189'],
    ['de89-3704-0044-0532-0130-00', 'DE89370400440532013000'],
  ])('reads %s', (text, iban) => {
    expect(parseIban(text)).toBe(iban);
  });

  it.each(['', 'FR7630006000011234567890188', 'FR76', '12345678901234567890', 'FR76-XXXX-1234', '4974XXXXXXXX1234'])(
    'refuses %j',
    (text) => {
      expect(parseIban(text)).toBeNull();
    },
  );

  it('shows only the ends of it where it is masked', () => {
    expect(maskIban('FR7630006000011234567890189')).toBe('FR76••••0189');
  });
});
