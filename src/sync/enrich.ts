import type { CategoryDecision, ChangeSet, UpdatedTransaction } from '../domain/change-set.ts';
import type { BankTransaction } from '../domain/bank-snapshot.ts';
import { mayOverwrite } from '../domain/transaction.ts';
import type { Reconciliation } from './reconcile.ts';

type Categorize = (transaction: BankTransaction) => CategoryDecision | null;

/**
 * Gives every created and updated transaction its category, where nobody stronger than the model has decided; and
 * to a known one of which nobody has decided it, when there is something to say now.
 */
export function enrich(
  { undecided, ...changes }: Pick<Reconciliation, keyof ChangeSet | 'undecided'>,
  categorize: Categorize,
): ChangeSet {
  const decided = undecided.map((one) => decidedBy(one, categorize)).filter((one) => one.category !== null);
  return {
    ...changes,
    created: changes.created.map((one) => ({ ...one, category: categorize(one.bank) })),
    updated: [...changes.updated.map((one) => decidedBy(one, categorize)), ...decided],
    unchanged: changes.unchanged - decided.length,
  };
}

/** What the model says is told even where it does not count, for the day on which the person takes his word back. */
function decidedBy(one: UpdatedTransaction, categorize: Categorize): UpdatedTransaction {
  const model = categorize(one.bank);
  if (!model) return one;
  const isOpen = mayOverwrite(one.category?.source ?? null, 'MODEL');
  return { ...one, category: isOpen ? model : one.category, modelCategoryKey: model.key };
}
