import type { BankAccount, BankTransaction } from '../../domain/bank-snapshot.ts';
import type { TransactionType } from '../../domain/transaction.ts';
import type { CalendarDate } from '../../kernel/calendar-date.ts';
import { parseIban } from '../../kernel/iban.ts';
import type { Money } from '../../kernel/money.ts';
import { bankMoney, negated, signedBy } from '../bank-amount.ts';
import { bankDay, bankDayOfInstant } from '../bank-date.ts';
import { exchangeOf, type Exchange } from '../exchange.ts';
import { readExchangeLine } from '../exchange-line.ts';
import { cleanIdentifier, cleanLine, cleanLines, cleanName } from '../bank-text.ts';
import { readFrenchLabel, type FrenchLabel } from '../french-label.ts';
import { isDebitByBankCode, typeOfBankCode } from '../transaction-type.ts';
import type { AccountResource } from './account-resource.ts';
import { isoOfBusinessCode } from './business-code.ts';
import type { BerlinGroupQuirks } from './quirks.ts';
import { wireTransaction, type WireTransaction } from './wire.ts';

/** What the meaning of an entry depends on besides the entry. */
export interface NormalizeContext {
  readonly account: Pick<BankAccount, 'iban' | 'currency'>;
  readonly resource: AccountResource;
  /** The bank's zone: a booking instant belongs to the day it was there. */
  readonly timeZone: string;
  readonly quirks: BerlinGroupQuirks;
}

/**
 * An entry of the bank's report in our words, or null when it cannot be used: no amount in a known currency, or booked
 * without a possible date.
 */
export function normalizeTransaction(
  given: unknown,
  status: BankTransaction['status'],
  context: NormalizeContext,
): BankTransaction | null {
  const entry = wireTransaction.safeParse(given).data;
  const amount = entry && amountOf(entry, context);
  if (!entry || !amount) return null;
  const days = daysOf(entry, context);
  if (!days.bookedOn && status === 'BOOKED') return null;

  const money = withSign(amount, entry, context);
  const isDebit = money.amount.startsWith('-');
  const bankText = cleanLines(printedLines(entry));
  const firstLine = bankText.slice(0, bankText.includes('\n') ? bankText.indexOf('\n') : undefined);
  const printed = context.quirks.labelGrammar === 'french' ? readFrenchLabel(firstLine, days.bookedOn) : null;
  const counterpartyName = counterpartyNameOf(entry, isDebit) ?? cleanName(printed?.party ?? undefined);
  const bankTransactionCode =
    cleanIdentifier(entry.bankTransactionCode, 60) ?? cleanIdentifier(entry.proprietaryBankTransactionCode, 60);
  return {
    status,
    money,
    ...foreignOf(entry, money, bankText, context),
    bookedOn: days.bookedOn,
    valueOn: days.valueOn,
    transactedOn:
      bankDayOfInstant(entry.transactionDate ?? entry.acceptorTransactionDateTime, context.timeZone) ??
      printed?.transactedOn ??
      null,
    bankTransactionId: cleanIdentifier(entry.transactionId) ?? cleanIdentifier(entry.cardTransactionId),
    entryReference: cleanIdentifier(entry.entryReference),
    endToEndId: cleanIdentifier(entry.endToEndId),
    mandateId: cleanIdentifier(entry.mandateId),
    creditorId: cleanIdentifier(entry.creditorId),
    checkId: cleanIdentifier(entry.checkId),
    bankText,
    // Nothing but a placeholder is better than nothing.
    label: counterpartyName ?? (cleanLine(firstLine, 140) || cleanLine(printedLines(entry)[0] ?? '', 140)),
    counterpartyName,
    counterpartyIban: counterpartyIbanOf(entry, isDebit, context),
    merchantCategoryCode: /^\d{4}$/.test(entry.merchantCategoryCode ?? '')
      ? (entry.merchantCategoryCode ?? null)
      : null,
    bankTransactionCode,
    type: typeOf(isoCodeOf(entry) ?? bankTransactionCode, printed, isDebit, context.resource),
  };
}

/** Booking date, then booking instant, then value date, then value instant; the value first for banks that err. */
function daysOf(
  entry: WireTransaction,
  context: NormalizeContext,
): { bookedOn: CalendarDate | null; valueOn: CalendarDate | null } {
  const booking = bankDay(entry.bookingDate) ?? bankDayOfInstant(entry.bookingDateTime, context.timeZone);
  const value = bankDay(entry.valueDate) ?? bankDayOfInstant(entry.valueDateTime, context.timeZone);
  return { bookedOn: context.quirks.prefersValueDate ? (value ?? booking) : (booking ?? value), valueOn: value };
}

/** What was charged in another currency: in fields, in place of what the account pays, or printed. */
function foreignOf(entry: WireTransaction, money: Money, bankText: string, { quirks }: NormalizeContext): Exchange {
  const { currencyExchange, transactionAmount } = entry;
  const amounts = [entry.originalAmount, ...currencyExchange.map(({ instructedAmount }) => instructedAmount)];
  if (quirks.billingAmount === 'in-text') amounts.push(transactionAmount);
  const told = amounts.map((amount) => bankMoney(amount)).filter((amount) => amount !== null);
  const foreign = told.find(({ currency }) => currency !== money.currency);
  const found = exchangeOf(money, foreign ?? told[0] ?? null, currencyExchange);
  if (found.original || found.exchangeRate || quirks.labelGrammar !== 'french') return found;
  return readExchangeLine(bankText, money);
}

const billingText = /billingAmount:\s*(-?\d{1,15}(?:\.\d{1,3})?)/;

/** What the account pays, in its currency; null where the entry does not tell. */
function amountOf(entry: WireTransaction, { account, resource, quirks }: NormalizeContext): Money | null {
  const { currency } = account;
  const texts = [...entry.remittanceInformationUnstructured, entry.transactionDetails, entry.additionalInformation];
  if (quirks.billingAmount === 'in-text') {
    for (const line of texts) {
      const [, amount] = billingText.exec(line?.slice(0, 500) ?? '') ?? [];
      if (amount !== undefined) return bankMoney({ amount, currency });
    }
  }
  // Without its currency, an entry of an account of several could be of any of them.
  return bankMoney(entry.transactionAmount, resource.currency === null ? currency : undefined);
}

function withSign(amount: Money, entry: WireTransaction, context: NormalizeContext): Money {
  const indicator = entry.creditDebitIndicator?.trim().toUpperCase();
  if (indicator === 'DBIT' || indicator === 'CRDT') return signedBy(amount, indicator === 'DBIT');
  if (isInverted(context)) return negated(amount);
  if (context.quirks.amountSign === 'signed' || amount.amount.startsWith('-')) return amount;
  return signedBy(amount, directionOf(entry, context));
}

/** The ISO code, or the one that the bank's own stands for. */
function isoCodeOf({ bankTransactionCode, proprietaryBankTransactionCode }: WireTransaction): string | null {
  return bankTransactionCode ?? isoOfBusinessCode(proprietaryBankTransactionCode);
}

function isInverted({ quirks, resource }: NormalizeContext): boolean {
  if (resource.showsDebitsPositive || quirks.amountSign === 'inverted') return true;
  return resource.list === 'card-accounts' && quirks.cardAmountSign === 'inverted';
}

/** Whether an unsigned entry is a debit: by its ISO code, by which side is the account itself, by which side is named. */
function directionOf(entry: WireTransaction, context: NormalizeContext): boolean {
  const byCode = isDebitByBankCode(isoCodeOf(entry) ?? undefined);
  if (byCode !== null) return byCode;
  const { iban } = context.account;
  if (iban && ibanOf(entry.debtorAccount?.iban) === iban) return true;
  if (iban && ibanOf(entry.creditorAccount?.iban) === iban) return false;
  return entry.creditorName !== undefined && entry.debtorName === undefined;
}

/**
 * The other side only: on a debit some banks name the account's holder as debtor, who is not the counterparty. The
 * ultimate party is the shop behind a payment service, so it comes first.
 */
function counterpartyNameOf(entry: WireTransaction, isDebit: boolean): string | null {
  const candidates = isDebit
    ? [entry.ultimateCreditor, entry.creditorName, entry.cardAcceptorName]
    : [entry.ultimateDebtor, entry.debtorName, entry.cardAcceptorName];
  for (const candidate of candidates) {
    const name = cleanName(candidate);
    if (name) return name;
  }
  return null;
}

function counterpartyIbanOf(entry: WireTransaction, isDebit: boolean, context: NormalizeContext): string | null {
  const iban = ibanOf((isDebit ? entry.creditorAccount : entry.debtorAccount)?.iban);
  return iban === context.account.iban ? null : iban;
}

function ibanOf(text: string | undefined): string | null {
  return text === undefined || text.length > 60 ? null : parseIban(text);
}

/** All that the bank prints. The array is whole where the plain field was cut at 140 characters, so it replaces it. */
function printedLines(entry: WireTransaction): string[] {
  const array = entry.remittanceInformationUnstructuredArray;
  return [
    ...(array.length > 0 ? array : entry.remittanceInformationUnstructured),
    ...entry.remittanceInformationStructured,
    ...entry.remittanceInformationStructuredArray,
    ...[entry.transactionDetails, entry.additionalInformation].filter((line) => line !== undefined),
  ];
}

/** The printed total of a deferred-debit card beats its code, for counting it as a purchase counts the month twice. */
function typeOf(
  code: string | null,
  printed: FrenchLabel | null,
  isDebit: boolean,
  { list }: AccountResource,
): TransactionType {
  if (printed?.type === 'CREDIT_CARD_PAYMENT') return printed.type;
  const unnamedDebit = list === 'card-accounts' ? 'POINT_OF_SALE' : 'DEBIT';
  return typeOfBankCode(code) ?? printed?.type ?? (isDebit ? unnamedDebit : 'CREDIT');
}
