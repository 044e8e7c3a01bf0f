import type { AccountUsage } from '../domain/account.ts';
import { invalidInput, notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { AccountId } from '../kernel/id.ts';
import { findLiveAccount, updateAccount as updateRow } from '../store/accounts.ts';
import { inUserTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

interface UpdateAccountInput {
  readonly accountId: AccountId;
  /** Left out: unchanged. Null: back to what the bank calls it. */
  readonly label?: string | null;
  /** Left out: unchanged. Null: back to what the bank says. */
  readonly usage?: AccountUsage | null;
}

const maxLabelCharacters = 100;

/**
 * Writes down what a person decides about an account; no sync overwrites it. Failures: NOT_FOUND outside of the scope;
 * VALIDATION_FAILED for a label that is empty or too long.
 */
export async function updateAccount(context: ActionContext, scope: Scope, input: UpdateAccountInput): Promise<void> {
  const { accountId, label, usage } = input;
  if (typeof label === 'string' && (label.trim() === '' || label.trim().length > maxLabelCharacters)) {
    throw invalidInput([{ path: ['label'], message: `Must have 1 to ${maxLabelCharacters} characters, or be null.` }]);
  }
  const found = await findLiveAccount(scope, context.database.db, accountId);
  if (!found) throw notFound('account');
  const owner = scopeOfRow(found);
  await inUserTransaction(context.database, owner, async (transaction) => {
    const { tx, append } = transaction;
    const account = await findLiveAccount(owner, tx, accountId);
    if (!account) throw notFound('account');
    const now = context.clock.now();
    const decided = {
      ...(label === undefined ? {} : { label: label?.trim() ?? null }),
      ...(usage === undefined ? {} : { decidedUsage: usage }),
    };
    const changed = [
      ...(decided.label !== undefined && decided.label !== account.label ? ['label'] : []),
      ...(decided.decidedUsage !== undefined && decided.decidedUsage !== account.decidedUsage ? ['usage'] : []),
    ];
    if (changed.length === 0) return;
    await updateRow(owner, tx, accountId, { ...decided, updatedAt: now });
    const { connectionId } = account;
    await append(now, { type: 'account.updated', facts: { connectionId, accountId, changed } });
    await audit(context, transaction, 'account.update', { connectionId, accountId });
  });
}
