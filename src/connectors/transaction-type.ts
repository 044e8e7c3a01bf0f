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
  'PMNT-CCRD-RIMB': 'CREDIT',
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
  'LDAS-FTLN-PPAY': 'REPEATING_PAYMENT',
  'LDAS-MGLN-PPAY': 'REPEATING_PAYMENT',
  'LDAS-CSLN-PPAY': 'REPEATING_PAYMENT',
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

/** Which codes mean money going out: needed where a bank gives amounts without a sign. Sub-families come first. */
const isDebitBySubFamily: Readonly<Record<string, boolean>> = { RIMB: false, PPAY: true };

const isDebitByFamily: Readonly<Record<string, boolean>> = {
  CCRD: true,
  RDDT: true,
  ICDT: true,
  IRCT: true,
  ICHQ: true,
  MDOP: true,
  RCDT: false,
  RRCT: false,
  IDDT: false,
  MCRD: false,
  RCHQ: false,
  MCOP: false,
};

/** Whether the ISO code means money going out; null when it does not tell. */
export function isDebitByBankCode(code: string | undefined): boolean | null {
  const [, family = '', subFamily = ''] = code?.toUpperCase().split('-', 3) ?? [];
  return lookUp(isDebitBySubFamily, subFamily) ?? lookUp(isDebitByFamily, family);
}

/** A look-up that finds own entries only: the key may be a bank's `constructor`. */
function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string): Value | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
