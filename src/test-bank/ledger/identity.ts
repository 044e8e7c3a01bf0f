import { parseIban } from '../../kernel/iban.ts';
import type { Scenario, ScenarioAccount } from '../scenario/schema.ts';
import { drawDigits } from './random.ts';

/** The IBAN of an account: its own, or one drawn by seed with right check digits. Cards have none. */
export function ibanOf(scenario: Scenario, account: ScenarioAccount): string | null {
  if (account.iban !== undefined) return parseIban(account.iban);
  if (account.type === 'card') return null;
  const bban = drawDigits(`${scenario.seed}|${account.id}|iban`, bbanLength[scenario.bank.country] ?? 20);
  const country = scenario.bank.country;
  const body = country === 'FR' ? frenchBban(bban) : bban;
  return `${country}${checkDigits(country, body)}${body}`;
}

/** The card number with its middle hidden. */
export function maskedPanOf(scenario: Scenario, account: ScenarioAccount): string | null {
  if (account.maskedPan !== undefined) return account.maskedPan;
  if (account.type !== 'card') return null;
  return `497401XXXXXX${drawDigits(`${scenario.seed}|${account.id}|pan`, 4)}`;
}

const bbanLength: Readonly<Record<string, number>> = { FR: 23, DE: 18, BE: 12, ES: 20, IT: 23, LU: 16, NL: 14 };

/** Bank 5, branch 5, account 11, and the French national key of 2 digits. */
function frenchBban(digits: string): string {
  const body = digits.slice(0, 21);
  const sum = 89n * BigInt(body.slice(0, 5)) + 15n * BigInt(body.slice(5, 10)) + 3n * BigInt(body.slice(10));
  return `${body}${String(97n - (sum % 97n)).padStart(2, '0')}`;
}

/** ISO 13616: letters count from A = 10. */
function checkDigits(country: string, bban: string): string {
  const digits = `${bban}${country}00`.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return String(98n - (BigInt(digits) % 97n)).padStart(2, '0');
}
