import { notFound } from '../domain/failure.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { CategoryRuleId } from '../kernel/id.ts';
import { deleteCategoryRuleRow, findCategoryRule } from '../store/category-rules.ts';
import { categoryRulesJobKey, enqueue } from '../store/jobs.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

/**
 * Deletes a rule. A job that is queued in the same transaction gives what it had decided to the next rule, or back to
 * the model. Fails with NOT_FOUND. Appends category_rule.deleted.
 */
export async function deleteCategoryRule(
  context: Pick<ActionContext, 'database' | 'clock' | 'actor'>,
  scope: Scope,
  id: CategoryRuleId,
): Promise<void> {
  const { database, clock } = context;
  const found = await findCategoryRule(scope, database.db, id);
  if (!found) throw notFound('category rule');
  const owner = scopeOfOwner(found);
  const { clientId, userId, categoryKey } = found;
  await inSetUpTransaction(database, owner, async ({ tx, append }) => {
    if (!(await deleteCategoryRuleRow(owner, tx, id))) throw notFound('category rule');
    await append(clock.now(), { type: 'category_rule.deleted', facts: { categoryRuleId: id, categoryKey } });
    const payload = { clientId, userId, afterUserId: null, ruleId: id };
    await enqueue(tx, 'apply-category-rules', payload, { jobKey: categoryRulesJobKey(owner) });
    await audit(context, { tx, scope: owner }, 'category_rule.delete', { categoryRuleId: id });
  });
}
