import type { BalanceType } from '../domain/account.ts';

/** NextGenPSD2 names and the ISO 20022 codes that STET and many banks write in their place, folded to small letters. */
const balanceTypeByName: Readonly<Record<string, BalanceType>> = {
  interimbooked: 'INTERIM_BOOKED',
  itbd: 'INTERIM_BOOKED',
  closingbooked: 'CLOSING_BOOKED',
  clbd: 'CLOSING_BOOKED',
  openingbooked: 'OPENING_BOOKED',
  opbd: 'OPENING_BOOKED',
  expected: 'EXPECTED',
  xpcd: 'EXPECTED',
  interimavailable: 'INTERIM_AVAILABLE',
  itav: 'INTERIM_AVAILABLE',
  forwardavailable: 'FORWARD_AVAILABLE',
  fwav: 'FORWARD_AVAILABLE',
  noninvoiced: 'NON_INVOICED',
};

/** Our type for a bank's; OTHER for what banks invent (`authorised`, `information`, `VALU`). */
export function balanceTypeOf(bankType: string): BalanceType {
  const name = bankType
    .slice(0, 60)
    .toLowerCase()
    .replace(/[^a-z]/g, '');
  return Object.hasOwn(balanceTypeByName, name) ? (balanceTypeByName[name] ?? 'OTHER') : 'OTHER';
}
