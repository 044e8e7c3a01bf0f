import type { CategoryDecision, ChangeSet } from '../domain/change-set.ts';
import type { BankTransaction } from '../domain/bank-snapshot.ts';
import { mayOverwrite } from '../domain/transaction.ts';

/** Gives every created and updated transaction its category, where nobody stronger than the model has decided. */
export function enrich(
  changes: ChangeSet,
  categorize: (transaction: BankTransaction) => CategoryDecision | null,
): ChangeSet {
  return {
    ...changes,
    created: changes.created.map((one) => ({ ...one, category: categorize(one.bank) })),
    updated: changes.updated.map((one) =>
      mayOverwrite(one.category?.source ?? null, 'MODEL')
        ? { ...one, category: categorize(one.bank) ?? one.category }
        : one,
    ),
  };
}
