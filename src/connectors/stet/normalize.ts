import type { BankAccount, BankTransaction } from '../../domain/bank-snapshot.ts';
import type { TransactionType } from '../../domain/transaction.ts';
import type { CalendarDate } from '../../kernel/calendar-date.ts';
import { parseIban } from '../../kernel/iban.ts';
import { bankMoney, signedBy } from '../bank-amount.ts';
import { bankDayOfInstant } from '../bank-date.ts';
import { noExchange } from '../exchange.ts';
import { readExchangeLine } from '../exchange-line.ts';
import { cleanIdentifier, cleanLine, cleanLines, cleanName } from '../bank-text.ts';
import { readFrenchLabel, type FrenchLabel } from '../french-label.ts';
import { typeOfBankCode } from '../transaction-type.ts';
import type { StetQuirks } from './quirks.ts';
import { wireTransaction, type WireTransaction } from './wire.ts';

/** What the meaning of an entry depends on besides the entry. */
export interface NormalizeContext {
  readonly account: Pick<BankAccount, 'iban' | 'currency' | 'type'>;
  /** The bank's zone: a booking instant belongs to the day it was there. */
  readonly timeZone: string;
  readonly quirks: Pick<StetQuirks, 'otherStatus' | 'prefersValueDate' | 'labelGrammar'>;
}

/**
 * An entry of the bank's report in our words, or why it is none: BOOKED_UNUSABLE, PENDING_UNUSABLE without an amount in a
 * known currency, or booked without a possible date; NOT_A_MOVEMENT for what moves no money: an announcement, a refused
 * payment.
 */
export function normalizeTransaction(
  given: unknown,
  context: NormalizeContext,
): BankTransaction | 'NOT_A_MOVEMENT' | 'BOOKED_UNUSABLE' | 'PENDING_UNUSABLE' {
  const entry = wireTransaction.safeParse(given).data;
  if (!entry) return 'BOOKED_UNUSABLE';
  const status = statusOf(entry, context.quirks);
  if (status === null) return 'NOT_A_MOVEMENT';
  const amount = bankMoney(entry.transactionAmount, context.account.currency);
  const days = daysOf(entry, context);
  if (!amount || (!days.bookedOn && status === 'BOOKED')) return `${status}_UNUSABLE`;

  const indicator = entry.creditDebitIndicator?.trim().toUpperCase();
  // The standard gives amounts without a sign; a bank that leaves the indicator out may still give one.
  const money = indicator === 'DBIT' || indicator === 'CRDT' ? signedBy(amount, indicator === 'DBIT') : amount;
  const isDebit = money.amount.startsWith('-');
  const bankText = cleanLines(entry.remittanceInformation);
  const firstLine = bankText.slice(0, bankText.includes('\n') ? bankText.indexOf('\n') : undefined);
  const printed = context.quirks.labelGrammar === 'french' ? readFrenchLabel(firstLine, days.bookedOn) : null;
  const counterpartyName = counterpartyNameOf(entry, isDebit) ?? cleanName(printed?.party ?? undefined);
  const bankTransactionCode = bankCodeOf(entry);
  return {
    status,
    money,
    ...(context.quirks.labelGrammar === 'french' ? readExchangeLine(bankText, money) : noExchange),
    bookedOn: days.bookedOn,
    valueOn: days.valueOn,
    transactedOn: bankDayOfInstant(entry.transactionDate, context.timeZone) ?? printed?.transactedOn ?? null,
    bankTransactionId: cleanIdentifier(entry.resourceId),
    entryReference: cleanIdentifier(entry.entryReference),
    endToEndId: cleanIdentifier(entry.endToEndId),
    mandateId: null,
    creditorId: creditorIdOf(entry),
    checkId: null,
    bankText,
    label: counterpartyName ?? cleanLine(firstLine, 140),
    counterpartyName,
    counterpartyIban: counterpartyIbanOf(entry, isDebit, context),
    merchantCategoryCode: null,
    bankTransactionCode,
    type: typeOf(bankTransactionCode, printed, isDebit, context),
  };
}

/**
 * BOOK is booked; PDNG and FUTR are on their way, OTHR as the bank means it. INFO and RJCT, and what no version of the
 * standard knows, move nothing. A bank that leaves the status out means what it has booked.
 */
function statusOf(
  entry: WireTransaction,
  { otherStatus }: Pick<StetQuirks, 'otherStatus'>,
): BankTransaction['status'] | null {
  const status = entry.status?.trim().toUpperCase() ?? 'BOOK';
  if (status === 'BOOK') return 'BOOKED';
  if (status === 'PDNG' || status === 'FUTR') return 'PENDING';
  if (status !== 'OTHR' || otherStatus === 'ignored') return null;
  return otherStatus === 'booked' ? 'BOOKED' : 'PENDING';
}

function daysOf(
  entry: WireTransaction,
  { timeZone, quirks }: NormalizeContext,
): { bookedOn: CalendarDate | null; valueOn: CalendarDate | null } {
  const booking =
    bankDayOfInstant(entry.bookingDate, timeZone) ?? bankDayOfInstant(entry.expectedBookingDate, timeZone);
  const value = bankDayOfInstant(entry.valueDate, timeZone);
  return { bookedOn: quirks.prefersValueDate ? (value ?? booking) : (booking ?? value), valueOn: value };
}

/**
 * The other side only: on a debit some banks name the account's holder as debtor, who is not the counterparty. The
 * ultimate party is the shop behind a payment service, so it comes first.
 */
function counterpartyNameOf({ relatedParties: parties }: WireTransaction, isDebit: boolean): string | null {
  const [ultimate, direct] = isDebit
    ? [parties?.ultimateCreditor, parties?.creditor]
    : [parties?.ultimateDebtor, parties?.debtor];
  return cleanName(ultimate?.name) ?? cleanName(direct?.name);
}

function counterpartyIbanOf({ relatedParties }: WireTransaction, isDebit: boolean, context: NormalizeContext) {
  const text = (isDebit ? relatedParties?.creditorAccount : relatedParties?.debtorAccount)?.iban;
  const iban = text === undefined || text.length > 60 ? null : parseIban(text);
  return iban === context.account.iban ? null : iban;
}

/** The creditor's SEPA identifier stands where a person's or a company's number would. */
function creditorIdOf({ relatedParties }: WireTransaction): string | null {
  const { privateId, organisationId } = relatedParties?.creditor ?? {};
  return cleanIdentifier(privateId?.identification) ?? cleanIdentifier(organisationId?.identification);
}

/** ISO 20022 as `PMNT-RDDT-ESDD` where the bank gives its parts, else the bank's own code. */
function bankCodeOf({ bankTransactionCode }: WireTransaction): string | null {
  if (!bankTransactionCode) return null;
  const { domain, family, subFamily, code } = {
    domain: undefined,
    family: undefined,
    subFamily: undefined,
    ...bankTransactionCode,
  };
  const parts = [domain, family, subFamily].map((part) => cleanIdentifier(part, 20)).filter((part) => part !== null);
  return parts.length > 0 ? parts.join('-').toUpperCase() : cleanIdentifier(code, 60);
}

/**
 * The printed total of a deferred-debit card beats its code, for counting it as a purchase counts the month twice. What a
 * card pays without saying how is a purchase.
 */
function typeOf(
  code: string | null,
  printed: FrenchLabel | null,
  isDebit: boolean,
  { account }: NormalizeContext,
): TransactionType {
  if (printed?.type === 'CREDIT_CARD_PAYMENT') return printed.type;
  const unsaid = !isDebit ? 'CREDIT' : account.type === 'CREDIT_CARD' ? 'POINT_OF_SALE' : 'DEBIT';
  return typeOfBankCode(code) ?? printed?.type ?? unsaid;
}
