import type { CreatedTransaction } from '../domain/change-set.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { AccountId, TransactionId } from '../kernel/id.ts';
import { digestOf } from './bank-digest.ts';

/** What a row of `transactions` has beside what the bank and the comparison say. */
interface RecordPlace {
  readonly scope: UserScope;
  readonly accountId: AccountId;
  readonly id: TransactionId;
  /** The tier of the matching, null for a new row. */
  readonly matchedOn: string | null;
  /** When it is written, in PostgreSQL's text. */
  readonly at: string;
}

/** A row in the names of the table's columns, each value in PostgreSQL's own text. */
export type TransactionRecord = ReturnType<typeof recordOf>;

/**
 * The row of an entry, in one literal and always with the same keys in the same order: what COPY sends relies on the
 * order, and objects put together from parts cost a load more than all the rest of it.
 */
export function recordOf(one: CreatedTransaction, { scope, accountId, id, matchedOn, at }: RecordPlace) {
  const { bank, category } = one;
  return {
    id,
    user_id: scope.userId,
    client_id: scope.clientId,
    account_id: accountId,
    dated_on: one.datedOn,
    status: bank.status,
    type: bank.type,
    amount: bank.money.amount,
    currency: bank.money.currency,
    original_amount: bank.original?.amount ?? null,
    original_currency: bank.original?.currency ?? null,
    exchange_rate: bank.exchangeRate,
    booked_on: bank.bookedOn,
    value_on: bank.valueOn,
    transacted_on: bank.transactedOn,
    label: bank.label,
    bank_text: bank.bankText,
    counterparty_name: bank.counterpartyName,
    counterparty_iban: bank.counterpartyIban,
    merchant_category_code: bank.merchantCategoryCode,
    bank_transaction_code: bank.bankTransactionCode,
    bank_transaction_id: bank.bankTransactionId,
    entry_reference: bank.entryReference,
    end_to_end_id: bank.endToEndId,
    mandate_id: bank.mandateId,
    creditor_id: bank.creditorId,
    check_id: bank.checkId,
    bank_digest: digestOf(bank),
    category_key: category?.key ?? 'UNCATEGORISED',
    category_source: category?.source ?? null,
    model_category_key: one.modelCategoryKey ?? null,
    label_source: 'PROVIDER',
    matched_on: matchedOn,
    created_at: at,
    updated_at: at,
  };
}
