import { phraseOf, ruleTextCharacters, type Direction } from '../domain/category-rule.ts';
import { Failure, invalidInput, type Issue } from '../domain/failure.ts';
import type { Scope } from '../domain/viewer.ts';
import { newId, type CategoryRuleId } from '../kernel/id.ts';
import { countCategoryRules, insertCategoryRule } from '../store/category-rules.ts';
import { categoryRulesJobKey, enqueue } from '../store/jobs.ts';
import { inSetUpTransaction } from '../store/log.ts';
import { isCategory } from '../store/transactions.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

interface NewCategoryRuleInput {
  readonly text: string;
  /** Null for both. */
  readonly direction: Direction | null;
  readonly categoryKey: string;
}

const rulesPerOwnerMax = 500;

type Context = Pick<ActionContext, 'database' | 'clock' | 'actor'>;

/**
 * Makes a rule of one user, or of the client for all of its users. What is stored is decided anew by a job that is
 * queued in the same transaction. Failures: VALIDATION_FAILED with every issue, CONFLICT when the owner has too many.
 * Appends category_rule.created.
 */
export async function createCategoryRule(
  context: Context,
  scope: Scope,
  input: NewCategoryRuleInput,
): Promise<CategoryRuleId> {
  const issues = await issuesOf(context, input);
  if (issues.length > 0) throw invalidInput(issues);
  const { direction, categoryKey } = input;
  const now = context.clock.now();
  const id = newId('categoryRule', now);
  await inSetUpTransaction(context.database, scope, async ({ tx, append }) => {
    if ((await countCategoryRules(scope, tx)) >= rulesPerOwnerMax) {
      const message = `At most ${rulesPerOwnerMax} rules for one user, and as many for the client: delete one first.`;
      throw new Failure('CONFLICT', { message });
    }
    const text = input.text.trim().normalize();
    await insertCategoryRule(scope, tx, { id, text, direction, categoryKey, createdAt: now });
    await append(now, { type: 'category_rule.created', facts: { categoryRuleId: id, categoryKey } });
    const owner = { clientId: scope.clientId, userId: scope.userId ?? null };
    const payload = { ...owner, afterUserId: null, ruleId: id };
    await enqueue(tx, 'apply-category-rules', payload, { jobKey: categoryRulesJobKey(scope) });
    await audit(context, { tx, scope }, 'category_rule.create', { categoryRuleId: id });
  });
  return id;
}

async function issuesOf({ database }: Context, { text, categoryKey }: NewCategoryRuleInput): Promise<Issue[]> {
  const issues: Issue[] = [];
  const { min, max } = ruleTextCharacters;
  const characters = Array.from(text.trim().normalize()).length;
  if (characters < min || characters > max) {
    issues.push({ path: ['text'], message: `Must have ${min} to ${max} characters.` });
  } else if (phraseOf(text).length < min) {
    issues.push({ path: ['text'], message: `Must have at least ${min} letters or digits: nothing else is compared.` });
  }
  if (!(await isCategory(database.db, categoryKey))) {
    issues.push({ path: ['categoryId'], message: 'No such category.' });
  }
  return issues;
}
