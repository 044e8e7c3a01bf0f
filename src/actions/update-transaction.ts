import {
  compileRules,
  decideWithoutPerson,
  factsOfRow,
  modelWordOf,
  type StoredDecision,
} from '../domain/category-rule.ts';
import { invalidInput, notFound, type Issue } from '../domain/failure.ts';
import { scopeOfRow, type Scope, type UserScope } from '../domain/viewer.ts';
import type { TransactionId } from '../kernel/id.ts';
import { listRulesFor } from '../store/category-rules.ts';
import type { Tx } from '../store/database.ts';
import { inUserTransaction } from '../store/log.ts';
import { findTransaction, isCategory, updateDecisions, type TransactionRow } from '../store/transactions.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

interface UpdateTransactionInput {
  readonly transactionId: TransactionId;
  /** Left out: unchanged. Null: what a rule says, else what the model does, or UNCATEGORISED. */
  readonly categoryKey?: string | null;
  /** Left out: unchanged. Null: what the bank's text makes of it. */
  readonly label?: string | null;
  readonly notes?: string | null;
}

const maxLabelCharacters = 200;
const maxNotesCharacters = 2_000;

/**
 * Writes down what a person decides about a transaction; no sync overwrites it. Failures: NOT_FOUND outside of the
 * scope; VALIDATION_FAILED for an unknown category or a text that is empty or too long.
 */
export async function updateTransaction(
  context: ActionContext,
  scope: Scope,
  input: UpdateTransactionInput,
): Promise<void> {
  const found = await findTransaction(scope, context.database.db, input.transactionId);
  if (!found) throw notFound('transaction');
  const issues = await issuesOf(context, input);
  if (issues.length > 0) throw invalidInput(issues);
  const owner = scopeOfRow(found);
  await inUserTransaction(context.database, owner, async (transaction) => {
    const { tx, append } = transaction;
    const row = await findTransaction(owner, tx, input.transactionId);
    if (!row) throw notFound('transaction');
    const now = context.clock.now();
    const decisions = {
      ...(await categoryOf(owner, tx, input.categoryKey, row)),
      ...labelOf(input.label, row),
      ...(input.notes === undefined ? {} : { notes: input.notes?.trim() || null }),
    };
    const changed = Object.entries(decisions)
      .filter(([field, value]) => Reflect.get(row, field) !== value)
      .flatMap(([field]) => publicName[field] ?? []);
    if (changed.length === 0) return;
    await updateDecisions(owner, tx, row.id, { ...decisions, updatedAt: now });
    const { connectionId, accountId, id: transactionId } = row;
    const facts = { connectionId, accountId, transactionId, changed: [...new Set(changed)], source: 'USER' as const };
    await append(now, { type: 'transaction.updated', facts });
    await audit(context, transaction, 'transaction.update', { transactionId });
  });
}

/** The names by which the schema knows the columns; it does not know those that are kept behind a decision. */
const publicName: Record<string, string> = {
  categoryKey: 'category',
  categorySource: 'category',
  label: 'label',
  labelSource: 'label',
  notes: 'notes',
};

async function issuesOf(context: ActionContext, { categoryKey, label, notes }: UpdateTransactionInput) {
  const issues: Issue[] = [];
  if (typeof categoryKey === 'string' && !(await isCategory(context.database.db, categoryKey))) {
    issues.push({ path: ['categoryKey'], message: 'No such category.' });
  }
  if (typeof label === 'string' && (label.trim() === '' || label.trim().length > maxLabelCharacters)) {
    issues.push({ path: ['label'], message: `Must have 1 to ${maxLabelCharacters} characters.` });
  }
  if (typeof notes === 'string' && notes.trim().length > maxNotesCharacters) {
    issues.push({ path: ['notes'], message: `Must have at most ${maxNotesCharacters} characters.` });
  }
  return issues;
}

type Labelled = Pick<TransactionRow, 'label' | 'labelSource' | 'providerLabel' | 'bankText'>;
type Decided = StoredDecision & Labelled & Pick<TransactionRow, 'amount' | 'counterpartyName'>;

/** What the model has said stands behind the person's word; when he takes it back, a rule decides, else the model. */
async function categoryOf(
  owner: UserScope,
  tx: Tx,
  categoryKey: string | null | undefined,
  row: Decided,
): Promise<Partial<StoredDecision>> {
  if (categoryKey === undefined) return {};
  if (categoryKey !== null) return { categoryKey, categorySource: 'USER', modelCategoryKey: modelWordOf(row) };
  if (row.categorySource !== 'USER') return {};
  const byRule = compileRules(await listRulesFor(owner, tx))(factsOfRow(row));
  return decideWithoutPerson(byRule, row);
}

function labelOf(label: string | null | undefined, row: Labelled) {
  if (label === undefined) return {};
  const isOfBank = row.labelSource === 'PROVIDER';
  const ofBank = isOfBank ? row.label : row.providerLabel;
  if (label !== null) return { label: label.trim(), labelSource: 'USER' as const, providerLabel: ofBank };
  if (isOfBank) return {};
  // A label that was written before the bank's was kept beside it: the next sync tells it.
  const [firstLine = ''] = row.bankText.split('\n');
  const restored = ofBank ?? firstLine.slice(0, maxLabelCharacters);
  return { label: restored, labelSource: 'PROVIDER' as const, providerLabel: null };
}
