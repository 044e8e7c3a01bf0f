import type { CategoryDecision, ChangeSet } from '../domain/change-set.ts';
import type { BankTransaction } from '../domain/bank-snapshot.ts';
import { mayOverwrite } from '../domain/transaction.ts';
import type { Reconciliation } from './reconcile.ts';

/**
 * Gives every created and updated transaction its category, where nobody stronger than the model has decided; and
 * to a known one of which nobody has decided it, when there is something to say now.
 */
export function enrich(
  { undecided, ...changes }: Pick<Reconciliation, keyof ChangeSet | 'undecided'>,
  categorize: (transaction: BankTransaction) => CategoryDecision | null,
): ChangeSet {
  const decided = undecided.flatMap((one) => {
    const category = categorize(one.bank);
    return category ? [{ ...one, category }] : [];
  });
  return {
    ...changes,
    created: changes.created.map((one) => ({ ...one, category: categorize(one.bank) })),
    updated: [
      ...changes.updated.map((one) =>
        mayOverwrite(one.category?.source ?? null, 'MODEL')
          ? { ...one, category: categorize(one.bank) ?? one.category }
          : one,
      ),
      ...decided,
    ],
    unchanged: changes.unchanged - decided.length,
  };
}
