import type { AccountType, AccountUsage } from '../domain/account.ts';
import { foldText } from '../kernel/fold-text.ts';
import { cleanLine } from './bank-text.ts';

/** ISO 20022 cash account types (external code set). */
const typeByCashAccountType: Readonly<Record<string, AccountType>> = {
  CACC: 'CHECKINGS',
  CASH: 'CHECKINGS',
  TRAN: 'CHECKINGS',
  SLRY: 'CHECKINGS',
  ODFT: 'CHECKINGS',
  SVGS: 'SAVINGS',
  MOMA: 'SAVINGS',
  ONDP: 'SAVINGS',
  LOAN: 'LOAN',
  MGLD: 'LOAN',
  CARD: 'CREDIT_CARD',
};

/** Words of product names, for banks that give no type or call everything a current account. */
const typeByProductWord: ReadonlyMap<string, AccountType> = new Map(
  Object.entries({
    CREDIT_CARD: ['KREDITKARTE', 'CREDITCARD', 'MASTERCARD', 'VISA', 'AMEX'],
    LOAN: ['PRET', 'CREDIT', 'EMPRUNT', 'LOAN', 'MORTGAGE', 'DARLEHEN', 'KREDIT'],
    SAVINGS: [
      'LIVRET',
      'EPARGNE',
      'LDD',
      'LDDS',
      'LEP',
      'PEL',
      'CEL',
      'CSL',
      'CAT',
      'SAVINGS',
      'SPARBUCH',
      'TAGESGELD',
      'AHORRO',
      'SPAREN',
    ],
  } satisfies Partial<Record<AccountType, string[]>>).flatMap(([type, words]) =>
    words.map((word): [string, AccountType] => [word, toAccountType(type)]),
  ),
);

function toAccountType(text: string): AccountType {
  return text === 'LOAN' || text === 'SAVINGS' || text === 'CREDIT_CARD' ? text : 'CHECKINGS';
}

/** The type of an account: by its ISO code, where that says more than "current account", else by its names. */
export function accountTypeOf(facts: {
  cashAccountType?: string | undefined;
  names: readonly (string | null)[];
  isCard: boolean;
}): AccountType {
  const code = facts.cashAccountType?.trim().toUpperCase() ?? '';
  const byCode = Object.hasOwn(typeByCashAccountType, code) ? typeByCashAccountType[code] : undefined;
  if (byCode && byCode !== 'CHECKINGS') return byCode;
  if (facts.isCard) return 'CREDIT_CARD';
  for (const name of facts.names) {
    const words = foldText(name ?? '').split(/[^A-Z0-9]+/);
    // A "Carte Visa" attached to a current account is a name of the account too: a code beats a card's brand.
    const type = words.map((word) => typeByProductWord.get(word)).find((found) => found !== undefined);
    if (type && !(byCode && type !== 'SAVINGS')) return type;
  }
  return byCode ?? 'CHECKINGS';
}

/**
 * A card number fit to be stored: everything but the last four characters is hidden, whatever the bank left open. Null
 * when the text is no card number, masked or not.
 */
export function maskPan(text: string | undefined): string | null {
  if (text === undefined) return null;
  const bare = cleanLine(text, 40).replace(/[ -]/g, '');
  if (!/^[0-9Xx*•.#]{8,19}$/.test(bare) || !/\d{4}$/.test(bare)) return null;
  return `${'*'.repeat(bare.length - 4)}${bare.slice(-4)}`;
}

/** A BIC (ISO 9362) in capitals, or null for what is none. */
export function bicOf(text: string | undefined): string | null {
  const bic = text?.trim().toUpperCase() ?? '';
  return /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(bic) ? bic : null;
}

/** Whose purposes an account serves, by the codes that NextGenPSD2 and STET share; null for any other. */
export function usageOf(text: string | undefined): AccountUsage | null {
  const usage = text?.trim().toUpperCase();
  if (usage === 'PRIV') return 'PERSONAL';
  return usage === 'ORGA' ? 'PROFESSIONAL' : null;
}
