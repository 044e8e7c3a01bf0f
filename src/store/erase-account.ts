import { and, eq } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { AccountId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { accounts, balances } from './schema/accounts.ts';
import { transactions } from './schema/transactions.ts';

/**
 * Erases what an account holds: its transactions, its balances, and all that tells of its owner. What stays is the row
 * with the numbers by which the bank knows the account, so that a sync leaves it alone, and gives the same id back when
 * the person wants it again.
 */
export async function eraseAccount(scope: UserScope, db: Executor, id: AccountId, now: Date): Promise<void> {
  await db.delete(transactions).where(and(eq(transactions.accountId, id), inScope(transactions, scope)));
  await db.delete(balances).where(and(eq(balances.accountId, id), inScope(balances, scope)));
  await db
    .update(accounts)
    .set({
      name: '',
      label: null,
      ownerName: null,
      product: null,
      failure: null,
      balanceAmount: null,
      balanceType: null,
      balanceAt: null,
      coveredFrom: null,
      lastSyncedAt: null,
      deletedAt: now,
      updatedAt: now,
    })
    .where(and(eq(accounts.id, id), inScope(accounts, scope)));
}
