import { decideWithoutPerson, type DecideByRule } from '../domain/category-rule.ts';
import type { ChangeSet, CreatedTransaction } from '../domain/change-set.ts';

/**
 * Sets what rules say before what the model says, which is kept behind it. A person's word is left out here: the row
 * keeps it where it stands, so one that was taken back while the sync was reading does not come back.
 */
export function applyRules(changes: ChangeSet, decide: DecideByRule): ChangeSet {
  return {
    ...changes,
    created: changes.created.map((one) => decided(one, decide)),
    updated: changes.updated.map((one) => decided(one, decide)),
  };
}

function decided<One extends CreatedTransaction>(one: One, decide: DecideByRule): One {
  const { bank, category } = one;
  const { counterpartyName, label, bankText } = bank;
  const byRule = decide({ amount: bank.money.amount, counterpartyName, label, bankText });
  const without = decideWithoutPerson(byRule, {
    categoryKey: category?.key ?? 'UNCATEGORISED',
    categorySource: category?.source ?? null,
    modelCategoryKey: one.modelCategoryKey ?? null,
  });
  const { categoryKey: key, categorySource: source } = without;
  // Behind a person's word the model's is told even where it would be in force without it.
  const model = without.modelCategoryKey ?? one.modelCategoryKey ?? null;
  return { ...one, category: source === null ? null : { key, source }, modelCategoryKey: model };
}
