import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { digestOf } from '../../src/store/bank-digest.ts';
import type { ChangeSet } from '../../src/domain/change-set.ts';
import { newId, type TransactionId } from '../../src/kernel/id.ts';
import type { TransactionRow } from '../../src/store/transactions.ts';
import { reconcile, type ReconcileFacts, type Reconciliation } from '../../src/sync/reconcile.ts';

const at = new Date('2026-03-02T12:00:00.000Z');
const ids = { userId: newId('user', at), clientId: newId('client', at), accountId: newId('account', at) };

export function newTransactionId(): TransactionId {
  return newId('transaction', at);
}

/** What a bank's answer changes in an account in euros, where it shows its pending entries. */
export function compared(
  rows: readonly TransactionRow[],
  shown: readonly BankTransaction[],
  facts: Pick<ReconcileFacts, 'window' | 'today'> & Partial<ReconcileFacts>,
): Reconciliation {
  return reconcile(rows, shown, { remarks: new Set(), ...facts, currency: 'EUR', newId: newTransactionId });
}

export function live(rows: readonly TransactionRow[]): TransactionRow[] {
  return rows.filter((row) => row.status !== 'VOID');
}

/** The rows after a change set, as the store would hold them: the reference against which properties are checked. */
export function applied(rows: readonly TransactionRow[], changes: ChangeSet): TransactionRow[] {
  const updated = new Map(changes.updated.map((one) => [one.id, one]));
  const voided = new Map(changes.voided.map((one) => [one.id, one]));
  const kept = rows.map((row): TransactionRow => {
    const change = updated.get(row.id);
    if (change) return { ...row, ...rowOf(change), matchedOn: change.matchedOn, voidReason: null, supersededBy: null };
    const end = voided.get(row.id);
    return end ? { ...row, status: 'VOID', voidReason: end.reason, supersededBy: end.supersededBy } : row;
  });
  const created = changes.created.map((one): TransactionRow => ({
    ...ids,
    id: one.id ?? newTransactionId(),
    ...rowOf(one),
    labelSource: 'PROVIDER',
    providerLabel: null,
    modelCategoryKey: null,
    settledCardId: null,
    categoryKey: 'UNCATEGORISED',
    categorySource: null,
    notes: null,
    voidReason: null,
    supersededBy: null,
    matchedOn: null,
    createdAt: at,
    changedXid: '1',
    updatedAt: at,
  }));
  return [...kept, ...created];
}

function rowOf({ bank, datedOn }: ChangeSet['created'][number]) {
  const { money, original, ...facts } = bank;
  return {
    ...facts,
    amount: money.amount,
    currency: money.currency,
    originalAmount: original?.amount ?? null,
    originalCurrency: original?.currency ?? null,
    datedOn,
    bankDigest: digestOf(bank),
  };
}
