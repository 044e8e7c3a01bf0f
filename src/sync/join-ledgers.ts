import type { BankTransaction } from '../domain/bank-snapshot.ts';
import type { DecideByRule } from '../domain/category-rule.ts';
import type { ChangeSet } from '../domain/change-set.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import { newId, type TransactionId } from '../kernel/id.ts';
import type { RowPair } from '../store/merge-ledgers.ts';
import type { ComparedRow } from '../store/transactions.ts';
import { applyRules } from './apply-rules.ts';
import { categorize } from './categorize.ts';
import { enrich } from './enrich.ts';
import { bankLabelOf } from './entry.ts';
import { reconcileWithPairs } from './reconcile.ts';

interface JoinFacts {
  /** The first day of which the second one has been read whole; null where nothing says so: then nothing is missed. */
  readonly coveredFrom: CalendarDate | null;
  /** The day at the bank on which it was read. */
  readonly today: CalendarDate;
  readonly currency: string;
  readonly decide: DecideByRule;
}

/**
 * Compares two ledgers of one account as a sync would have, had it known: what the second one holds is what the bank
 * shows. Gives what of the first changes, and which rows of the second are rows of the first; all others of it are new
 * to the first, under the ids that they have. Pending rows of the first that the second lacks are left to the next
 * sync: nothing tells here whether the bank shows such. Pure, but for the ids of successors, which it does not give away.
 */
export function joinLedgers(
  first: readonly ComparedRow[],
  second: readonly ComparedRow[],
  { coveredFrom, today, currency, decide }: JoinFacts,
): { readonly changes: ChangeSet; readonly pairs: readonly RowPair[] } {
  const rowOf = new Map(second.flatMap((row) => (row.status === 'VOID' ? [] : [[shownBy(row, row.status), row]])));
  const made = new Date(`${today}T00:00:00Z`);
  const { changes: compared, pairs } = reconcileWithPairs(first, [...rowOf.keys()], {
    window: { from: coveredFrom ?? today, to: today },
    today,
    currency,
    remarks: new Set(['PENDING_UNSUPPORTED']),
    newId: () => newId('transaction', made),
  });
  // A successor is a row of the second one, so it has an id already.
  const idOf = new Map(compared.created.map(({ id, bank }) => [id, rowOf.get(bank)?.id]));
  const changes = applyRules(enrich(compared, categorize), decide);
  return {
    changes: {
      ...changes,
      created: [],
      voided: changes.voided.map((one) => ({ ...one, supersededBy: successorOf(one.supersededBy, idOf) })),
    },
    pairs: pairs.flatMap(({ stored, shown }) => {
      const row = rowOf.get(shown.source);
      return row ? [{ first: stored.source.id, second: row.id }] : [];
    }),
  };
}

function successorOf(
  id: TransactionId | null,
  idOf: ReadonlyMap<TransactionId | undefined, TransactionId | undefined>,
): TransactionId | null {
  return id === null ? null : (idOf.get(id) ?? null);
}

/** What the bank has shown that the row now says. */
function shownBy(row: ComparedRow, status: BankTransaction['status']): BankTransaction {
  const [firstLine = ''] = row.bankText.split('\n');
  const { originalAmount: amount, originalCurrency: currency } = row;
  return {
    status,
    money: { amount: row.amount, currency: row.currency },
    original: amount === null || currency === null ? null : { amount, currency },
    exchangeRate: row.exchangeRate,
    bookedOn: row.bookedOn,
    valueOn: row.valueOn,
    transactedOn: row.transactedOn,
    bankTransactionId: row.bankTransactionId,
    entryReference: row.entryReference,
    endToEndId: row.endToEndId,
    mandateId: row.mandateId,
    creditorId: row.creditorId,
    checkId: row.checkId,
    bankText: row.bankText,
    label: bankLabelOf(row) ?? firstLine,
    counterpartyName: row.counterpartyName,
    counterpartyIban: row.counterpartyIban,
    merchantCategoryCode: row.merchantCategoryCode,
    bankTransactionCode: row.bankTransactionCode,
    type: row.type,
  };
}
