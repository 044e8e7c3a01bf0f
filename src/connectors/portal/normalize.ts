import type { BankAccount, BankBalance, BankTransaction } from '../../domain/bank-snapshot.ts';
import type { TransactionType } from '../../domain/transaction.ts';
import { signedBy } from '../bank-amount.ts';
import { noExchange } from '../exchange.ts';
import { readExchangeLine } from '../exchange-line.ts';
import { cleanIdentifier, cleanLine, cleanLines, cleanName } from '../bank-text.ts';
import { readFrenchLabel, type FrenchLabel } from '../french-label.ts';
import { frenchDay, frenchMoney } from './french-values.ts';
import type { StatementPage, StatementRow } from './statement-page.ts';

type Holder = Pick<BankAccount, 'currency' | 'type'>;

/**
 * A row of a statement in our words, or null when it cannot be used: no amount in a known currency, or booked without a
 * possible date.
 */
export function normalizeRow(
  row: StatementRow,
  account: Holder,
  labelGrammar: 'french' | 'none',
): BankTransaction | null {
  const amount = frenchMoney(row.amount, account.currency);
  const bookedOn = frenchDay(row.day);
  if (!amount || (!bookedOn && !row.isPending)) return null;
  const money = row.isDebit === null ? amount : signedBy(amount, row.isDebit);
  const bankText = cleanLines([row.text]);
  const printed = labelGrammar === 'french' ? readFrenchLabel(bankText, bookedOn) : null;
  const counterpartyName = cleanName(printed?.party ?? undefined);
  return {
    status: row.isPending ? 'PENDING' : 'BOOKED',
    money,
    ...(labelGrammar === 'french' ? readExchangeLine(bankText, money) : noExchange),
    bookedOn,
    valueOn: frenchDay(row.valueDay),
    transactedOn: printed?.transactedOn ?? null,
    bankTransactionId: cleanIdentifier(row.id),
    entryReference: null,
    endToEndId: null,
    mandateId: null,
    creditorId: null,
    checkId: null,
    bankText,
    label: counterpartyName ?? cleanLine(bankText, 140),
    counterpartyName,
    counterpartyIban: null,
    merchantCategoryCode: null,
    bankTransactionCode: null,
    type: typeOf(printed, money.amount.startsWith('-'), account),
  };
}

/** Whatever a card pays, and no word says otherwise, was bought. */
function typeOf(printed: FrenchLabel | null, isDebit: boolean, account: Holder): TransactionType {
  if (printed) return printed.type;
  if (!isDebit) return 'CREDIT';
  return account.type === 'CREDIT_CARD' ? 'POINT_OF_SALE' : 'DEBIT';
}

/** What a statement says of the account's balance. */
export function normalizeBalances(page: Pick<StatementPage, 'balance' | 'comingBalance'>): BankBalance[] {
  const shown = [
    { type: 'INTERIM_BOOKED', bankType: 'solde', text: page.balance },
    { type: 'EXPECTED', bankType: 'solde à venir', text: page.comingBalance },
  ] as const;
  return shown.flatMap(({ type, bankType, text }) => {
    const money = frenchMoney(text);
    return money ? [{ type, bankType, money, referenceOn: null, changedAt: null }] : [];
  });
}
