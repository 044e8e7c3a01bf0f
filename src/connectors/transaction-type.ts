import type { TransactionType } from '../domain/transaction.ts';

/**
 * ISO 20022 bank transaction codes (external code set, 2021), from the most to the least precise: `PMNT-ICDT-STDO`,
 * `PMNT-ICDT`, then the sub-family alone, for charges and interest occur in every family. An absent code tells nothing.
 */
const typeByCode: Readonly<Record<string, TransactionType>> = {
  'PMNT-CCRD-CWDL': 'ATM',
  'PMNT-CCRD-CAJT': 'OTHER',
  'PMNT-CCRD-SMRT': 'CREDIT_CARD_PAYMENT',
  'PMNT-CCRD-CDPT': 'DEPOSIT',
  'PMNT-CCRD': 'POINT_OF_SALE',
  'PMNT-MCRD': 'CREDIT',
  'PMNT-RDDT': 'DIRECT_DEBIT',
  'PMNT-IDDT': 'CREDIT',
  'PMNT-RCDT-SALA': 'DIRECT_DEPOSIT',
  'PMNT-RCDT-ACOR': 'INTERNAL_TRANSFER',
  'PMNT-RCDT': 'POTENTIAL_TRANSFER',
  'PMNT-RRCT': 'POTENTIAL_TRANSFER',
  'PMNT-ICDT-STDO': 'REPEATING_PAYMENT',
  'PMNT-ICDT-ACOR': 'INTERNAL_TRANSFER',
  'PMNT-ICDT': 'POTENTIAL_TRANSFER',
  'PMNT-IRCT': 'POTENTIAL_TRANSFER',
  'PMNT-ICHQ': 'CHECK',
  'PMNT-RCHQ': 'CHECK',
  'PMNT-CNTR-CDPT': 'DEPOSIT',
  'PMNT-CNTR-CHKD': 'CHECK',
  'PMNT-CNTR': 'CASH',
  'PMNT-DRFT': 'ELECTRONIC_PAYMENT',
  'SECU-CORP-DVCA': 'DIVIDEND',
  'SECU-CORP-DVOP': 'DIVIDEND',
  'SECU-CORP-INTR': 'INTEREST',
};

const typeBySubFamily: Readonly<Record<string, TransactionType>> = {
  CHRG: 'BANK_FEE',
  COMM: 'BANK_FEE',
  COME: 'BANK_FEE',
  COMT: 'BANK_FEE',
  FEES: 'BANK_FEE',
  INTR: 'INTEREST',
  DVCA: 'DIVIDEND',
};

/** The instrument that an ISO 20022 code `DOMAIN-FAMILY-SUBFAMILY` names, or null when it names none we know. */
export function typeOfBankCode(code: string | null): TransactionType | null {
  if (!code) return null;
  const [domain = '', family = '', subFamily = ''] = code.toUpperCase().split('-', 3);
  return (
    lookUp(typeByCode, `${domain}-${family}-${subFamily}`) ??
    lookUp(typeBySubFamily, subFamily) ??
    lookUp(typeByCode, `${domain}-${family}`)
  );
}

/** ISO families that say who sent the money: needed where a bank gives amounts without a sign. */
const isDebitByFamily: Readonly<Record<string, boolean>> = {
  CCRD: true,
  RDDT: true,
  ICDT: true,
  IRCT: true,
  ICHQ: true,
  RCDT: false,
  RRCT: false,
  IDDT: false,
  MCRD: false,
  RCHQ: false,
};

/** Whether the ISO code means money going out; null when it does not tell. */
export function isDebitByBankCode(code: string | undefined): boolean | null {
  const family = code?.toUpperCase().split('-', 3)[1] ?? '';
  return lookUp(isDebitByFamily, family);
}

/** A look-up that finds own entries only: the key may be a bank's `constructor`. */
function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
