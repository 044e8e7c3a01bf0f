import type { BankTransaction } from './bank-snapshot.ts';
import type { TransactionStatus } from './transaction.ts';

/** What a bank says of an entry, as it comes from it or as it is stored. */
interface BankFacts extends Omit<BankTransaction, 'status' | 'money' | 'original' | 'label'> {
  readonly status: TransactionStatus;
}

interface Amounts {
  readonly amount: string;
  readonly currency: string;
  readonly originalAmount: string | null;
  readonly originalCurrency: string | null;
}

/**
 * All that a bank says of a booked entry, as one text: entries of the same text are the same in everything that is
 * compared and written. Null for an entry that is not booked or has no booking day, which time alone may change.
 */
export function factsOf(one: BankFacts, amounts: Amounts, label: string | null): string | null {
  if (one.status !== 'BOOKED' || one.bookedOn === null) return null;
  // Every field of an entry has its place here, or this does not compile.
  const facts: { [Field in keyof Required<BankTransaction>]: string | null } = {
    status: one.status,
    money: `${amounts.amount} ${amounts.currency}`,
    original: amounts.originalAmount === null ? null : `${amounts.originalAmount} ${amounts.originalCurrency}`,
    exchangeRate: one.exchangeRate,
    bookedOn: one.bookedOn,
    valueOn: one.valueOn,
    transactedOn: one.transactedOn,
    bankTransactionId: one.bankTransactionId,
    entryReference: one.entryReference,
    endToEndId: one.endToEndId,
    mandateId: one.mandateId,
    creditorId: one.creditorId,
    checkId: one.checkId,
    bankText: one.bankText,
    label,
    counterpartyName: one.counterpartyName,
    counterpartyIban: one.counterpartyIban,
    merchantCategoryCode: one.merchantCategoryCode,
    bankTransactionCode: one.bankTransactionCode,
    type: one.type,
  };
  return JSON.stringify(Object.values(facts));
}

/** The same of an entry as it comes from the bank. */
export function factsOfBank(bank: BankTransaction): string | null {
  const { money, original } = bank;
  const originals = { originalAmount: original?.amount ?? null, originalCurrency: original?.currency ?? null };
  return factsOf(bank, { amount: money.amount, currency: money.currency, ...originals }, bank.label);
}
