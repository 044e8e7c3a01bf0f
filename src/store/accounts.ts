import { and, asc, eq, isNull } from 'drizzle-orm';
import type { BankBalance } from '../domain/bank-snapshot.ts';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { AccountId, ConnectionId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { accounts, balances } from './schema/accounts.ts';

export type AccountRow = typeof accounts.$inferSelect;
type AccountChange = Partial<Omit<AccountRow, 'id' | 'userId' | 'clientId' | 'connectionId' | 'createdAt'>>;

/** The accounts of a connection, deleted ones too, oldest first. */
export async function listAccounts(scope: UserScope, db: Executor, connectionId: ConnectionId): Promise<AccountRow[]> {
  return db
    .select()
    .from(accounts)
    .where(and(eq(accounts.connectionId, connectionId), inScope(accounts, scope)))
    .orderBy(asc(accounts.createdAt), asc(accounts.id));
}

/** The account; undefined when it is gone, deleted included. */
export async function findLiveAccount(scope: Scope, db: Executor, id: AccountId): Promise<AccountRow | undefined> {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.id, id), isNull(accounts.deletedAt), inScope(accounts, scope)));
  return row;
}

export async function insertAccounts(
  scope: UserScope,
  db: Executor,
  rows: readonly Omit<typeof accounts.$inferInsert, 'userId' | 'clientId'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await db.insert(accounts).values(rows.map((row) => ({ ...row, userId: scope.userId, clientId: scope.clientId })));
}

export async function updateAccount(
  scope: UserScope,
  db: Executor,
  id: AccountId,
  change: AccountChange,
): Promise<void> {
  await db
    .update(accounts)
    .set(change)
    .where(and(eq(accounts.id, id), inScope(accounts, scope)));
}

/** Puts the balances of an account in the place of the former ones; of one bank type and currency the last counts. */
export async function replaceBalances(
  scope: UserScope,
  db: Executor,
  accountId: AccountId,
  given: readonly BankBalance[],
  now: Date,
): Promise<void> {
  const byKey = new Map(given.map((balance) => [`${balance.bankType}\n${balance.money.currency}`, balance]));
  await db.delete(balances).where(and(eq(balances.accountId, accountId), inScope(balances, scope)));
  if (byKey.size === 0) return;
  await db.insert(balances).values(
    [...byKey.values()].map((balance) => ({
      accountId,
      userId: scope.userId,
      clientId: scope.clientId,
      type: balance.type,
      bankType: balance.bankType,
      amount: balance.money.amount,
      currency: balance.money.currency,
      referenceOn: balance.referenceOn,
      changedAt: balance.changedAt,
      updatedAt: now,
    })),
  );
}

/** Gives an account the balances of another one in the place of its own. Of an account that has none nothing is taken. */
export async function moveBalances(scope: UserScope, db: Executor, of: { from: AccountId; to: AccountId }) {
  const isOf = (accountId: AccountId) => and(eq(balances.accountId, accountId), inScope(balances, scope));
  const [known] = await db.select({ type: balances.type }).from(balances).where(isOf(of.from)).limit(1);
  if (!known) return;
  await db.delete(balances).where(isOf(of.to));
  await db.update(balances).set({ accountId: of.to }).where(isOf(of.from));
}

/** Removes an account that has become a part of another one: unlike one that is erased, no bank knows it any more. */
export async function removeAccount(scope: UserScope, db: Executor, id: AccountId): Promise<void> {
  await db.delete(accounts).where(and(eq(accounts.id, id), inScope(accounts, scope)));
}
