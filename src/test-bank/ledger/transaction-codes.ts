import type { MovementKind } from '../scenario/transaction-rule.ts';

/** ISO 20022 bank transaction codes: domain, family, sub-family. */
export const transactionCodes: Readonly<Record<MovementKind, string>> = {
  card: 'PMNT-CCRD-POSD',
  withdrawal: 'PMNT-CCRD-CWDL',
  'transfer-in': 'PMNT-RCDT-ESCT',
  'transfer-out': 'PMNT-ICDT-ESCT',
  'direct-debit': 'PMNT-RDDT-ESDD',
  'loan-payment': 'LDAS-FTLN-PPAY',
  'card-settlement': 'PMNT-CCRD-OTHR',
  fee: 'ACMT-MDOP-CHRG',
  interest: 'ACMT-MCOP-INTR',
  cheque: 'PMNT-ICHQ-CCHQ',
  refund: 'PMNT-CCRD-RIMB',
  other: 'PMNT-OTHR-OTHR',
};
