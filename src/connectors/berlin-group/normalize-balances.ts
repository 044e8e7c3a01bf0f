import type { BankAccount, BankBalance } from '../../domain/bank-snapshot.ts';
import { fromMinorUnits, toMinorUnits } from '../../kernel/money.ts';
import { balanceTypeOf } from '../balance-type.ts';
import { bankMoney, negated } from '../bank-amount.ts';
import { bankDay, bankInstant } from '../bank-date.ts';
import { cleanLine } from '../bank-text.ts';
import { readResource } from './account-resource.ts';
import type { BerlinGroupQuirks } from './quirks.ts';
import { wireBalance } from './wire.ts';

/**
 * One balance for each of the bank's types and currency, the most recent where it gives several. Of an account that is
 * one currency of several at the bank, the balances in that currency.
 */
export function normalizeBalances(
  given: readonly unknown[],
  account: Pick<BankAccount, 'bankAccountId' | 'currency'>,
  timeZone: string,
  quirks: Pick<BerlinGroupQuirks, 'cardBalance'>,
): BankBalance[] {
  const resource = readResource(account.bankAccountId);
  const latest = new Map<string, BankBalance>();
  for (const item of given) {
    const balance = wireBalance.safeParse(item).data;
    // Without its currency, a balance of several could be any of them.
    const money = bankMoney(balance?.balanceAmount, resource.currency === null ? account.currency : undefined);
    if (!balance || !money || (resource.currency !== null && money.currency !== resource.currency)) continue;
    const normalized = {
      type: balanceTypeOf(balance.balanceType),
      bankType: cleanLine(balance.balanceType, 60),
      money: resource.showsDebitsPositive ? negated(money) : money,
      referenceOn: bankDay(balance.referenceDate),
      changedAt: bankInstant(balance.lastChangeDateTime, timeZone),
    };
    const key = `${normalized.bankType} ${money.currency}`;
    const known = latest.get(key);
    if (!known || (known.referenceOn ?? '') < (normalized.referenceOn ?? '')) latest.set(key, normalized);
  }
  const balances = [...latest.values()];
  const isOwed = resource.list === 'card-accounts' && quirks.cardBalance === 'non-invoiced-minus-expected';
  return isOwed ? owedBalance(balances) : balances;
}

/** The holder owes `expected`, a positive amount; what is not invoiced yet stands apart, and negative. */
function owedBalance(balances: readonly BankBalance[]): BankBalance[] {
  const expected = balances.find(({ type }) => type === 'EXPECTED');
  const notInvoiced = balances.find(({ type }) => type === 'NON_INVOICED');
  if (!expected || !notInvoiced || expected.money.currency !== notInvoiced.money.currency) return [...balances];
  const { currency } = expected.money;
  const owed = toMinorUnits(notInvoiced.money.amount, currency);
  const invoiced = toMinorUnits(expected.money.amount, currency);
  if (owed === null || invoiced === null) return [...balances];
  return [{ ...expected, money: { amount: fromMinorUnits(owed - invoiced, currency), currency } }];
}

/** The currencies in which an account of the bank has balances, each once. */
export function balanceCurrencies(given: readonly unknown[]): readonly string[] {
  const currencies = given.flatMap(
    (item) => bankMoney(wireBalance.safeParse(item).data?.balanceAmount)?.currency ?? [],
  );
  return [...new Set(currencies)];
}
