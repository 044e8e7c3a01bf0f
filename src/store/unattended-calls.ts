import { and, eq, lt, or, isNull, sql } from 'drizzle-orm';
import {
  forgottenUntil,
  toSpentCalls,
  type BudgetRule,
  type PlannedCalls,
  type SpentCalls,
} from '../domain/unattended-budget.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { AccountId, ChannelId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { inScope, type Executor } from './scope.ts';
import { unattendedCalls } from './schema/unattended-calls.ts';

/** What a channel has spent, by group. */
export async function listSpentCalls(scope: UserScope, db: Executor, channelId: ChannelId): Promise<SpentCalls[]> {
  const rows = await db
    .select()
    .from(unattendedCalls)
    .where(and(eq(unattendedCalls.channelId, channelId), inScope(unattendedCalls, scope)));
  return rows.map(toSpentCalls);
}

/**
 * Spends calls before they are made: all of them, or none and false where one of the groups has not enough left. Any
 * number of workers may do so at the same time: the row of a group is locked while it is counted.
 */
export async function spendCalls(
  scope: UserScope,
  database: Database,
  channelId: ChannelId,
  rule: BudgetRule,
  planned: readonly PlannedCalls[],
  now: Date,
): Promise<boolean> {
  try {
    await database.db.transaction(async (tx) => {
      // In one order, so that two that spend of the same groups wait for each other and not in a circle.
      for (const one of planned.toSorted((left, right) => (left.group < right.group ? -1 : 1))) {
        if (!(await spend(scope, tx, channelId, rule, one, now))) throw new Exhausted();
      }
    });
    return true;
  } catch (error) {
    if (error instanceof Exhausted) return false;
    throw error;
  }
}

/** Takes the transaction back in which one group had not enough. */
class Exhausted extends Error {}

async function spend(
  scope: UserScope,
  tx: Executor,
  channelId: ChannelId,
  rule: BudgetRule,
  { group, calls }: PlannedCalls,
  now: Date,
): Promise<boolean> {
  if (calls > rule.limit) return false;
  const at = sql`${now.toISOString()}::timestamptz`;
  const added = sql`array_fill(${at}, array[${calls}::int])`;
  const counted = sql`array(select one from unnest(${unattendedCalls.calledAt}) one
    where one > ${forgottenUntil(rule, now).toISOString()}::timestamptz order by one)`;
  const rows = await tx
    .insert(unattendedCalls)
    .values({
      channelId,
      userId: scope.userId,
      clientId: scope.clientId,
      group,
      calledAt: Array.from({ length: calls }, () => now.toISOString()),
      updatedAt: now,
    })
    .onConflictDoUpdate({
      target: [unattendedCalls.channelId, unattendedCalls.userId, unattendedCalls.group],
      set: { calledAt: sql`${counted} || ${added}`, updatedAt: now },
      setWhere: sql`${inScope(unattendedCalls, scope)}
        and cardinality(${counted}) + ${calls} <= ${rule.limit}
        and (${unattendedCalls.blockedUntil} is null or ${unattendedCalls.blockedUntil} <= ${at})`,
    })
    .returning({ group: unattendedCalls.group });
  return rows.length > 0;
}

/** Writes down that the bank itself refused: nothing more of these groups until then. */
export async function blockCalls(
  scope: UserScope,
  db: Executor,
  channelId: ChannelId,
  groups: readonly string[],
  of: { readonly until: Date; readonly now: Date },
): Promise<void> {
  if (groups.length === 0) return;
  const { userId, clientId } = scope;
  await db
    .insert(unattendedCalls)
    .values(
      groups.map((group) => ({
        channelId,
        userId,
        clientId,
        group,
        calledAt: [],
        blockedUntil: of.until,
        updatedAt: of.now,
      })),
    )
    .onConflictDoUpdate({
      target: [unattendedCalls.channelId, unattendedCalls.userId, unattendedCalls.group],
      set: { blockedUntil: of.until, updatedAt: of.now },
      setWhere: sql`${inScope(unattendedCalls, scope)}`,
    });
}

/**
 * Counts what was asked of one account as asked of another, for both are one at the bank. Both ledgers count, so that
 * rather too little is asked than too much.
 */
export async function mergeSpentCalls(
  scope: UserScope,
  tx: Executor,
  channelId: ChannelId,
  of: { readonly from: AccountId; readonly to: AccountId },
  now: Date,
): Promise<void> {
  const isOf = (id: AccountId) => sql`split_part(${unattendedCalls.group}, ':', 2) = ${id}`;
  const mine = and(eq(unattendedCalls.channelId, channelId), inScope(unattendedCalls, scope));
  // Locked in the order in which `spendCalls` takes them.
  const spent = await tx
    .select()
    .from(unattendedCalls)
    .where(and(mine, or(isOf(of.from), isOf(of.to))))
    .orderBy(sql`${unattendedCalls.group} collate "C"`)
    .for('update');
  const moved = spent.filter(({ group }) => group.endsWith(`:${of.from}`));
  if (moved.length === 0) return;
  await tx
    .insert(unattendedCalls)
    .values(moved.map((row) => ({ ...row, group: row.group.replace(of.from, of.to), updatedAt: now })))
    .onConflictDoUpdate({
      target: [unattendedCalls.channelId, unattendedCalls.userId, unattendedCalls.group],
      set: {
        calledAt: sql`array(select one from unnest(${unattendedCalls.calledAt} || excluded.called_at) one order by one)`,
        blockedUntil: sql`greatest(${unattendedCalls.blockedUntil}, excluded.blocked_until)`,
        updatedAt: now,
      },
      setWhere: sql`${inScope(unattendedCalls, scope)}`,
    });
  await tx.delete(unattendedCalls).where(and(mine, isOf(of.from)));
}

/** Deletes what counts no more at any bank: of all clients, as it names nobody. Gives the number of rows. */
export async function deleteSpentCalls(db: Executor, before: Date): Promise<number> {
  const rows = await db
    .delete(unattendedCalls)
    .where(
      and(
        lt(unattendedCalls.updatedAt, before),
        or(isNull(unattendedCalls.blockedUntil), lt(unattendedCalls.blockedUntil, before)),
      ),
    )
    .returning({ group: unattendedCalls.group });
  return rows.length;
}
