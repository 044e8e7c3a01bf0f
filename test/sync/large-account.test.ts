import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createCategoryRule } from '../../src/actions/create-category-rule.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import type { Database } from '../../src/store/database.ts';
import { categoryRules, events, syncs } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { leaseMilliseconds } from '../../src/sync/run.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { dyingAt } from '../support/dying-database.ts';
import { linkedBank } from '../support/linked-bank.ts';

/** Twelve thousand entries in three batches of 4,719, 4,713 and 2,568. */
async function largeAccount() {
  const world = await linkedBank();
  world.bank.pageSize = 4_000;
  world.bank.transactions = {
    'bank-account-1': Array.from({ length: 12_000 }, (_, index) =>
      bankTransaction({
        bookedOn: `2026-02-${String(1 + (index % 28)).padStart(2, '0')}`,
        bankTransactionId: `t${index}`,
      }),
    ),
  };
  const psu = { ipAddress: '192.0.2.1' };
  const input = { connectionId: world.connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
  const { syncId } = await requestSync(world.context, world.scope, input);
  return { ...world, syncId };
}

it('a large account is written in short transactions, and a worker that dies between two of them loses nothing', async () => {
  const { context, scope, database, clock, syncId } = await largeAccount();
  // Claimed, consent begun and ended, list begun and ended, read begun, first batch: dies at the second.
  const dying = { ...context, database: dyingAt(database, 8, 'before') };
  await expect(runSync(dying, scope, syncId, new AbortController().signal)).rejects.toThrow('killed');
  const [written] = await database.sql`select count(*)::int as n from transactions`;
  expect(written).toEqual({ n: 4_719 });
  clock.advance(leaseMilliseconds);
  expect(await runSync(context, scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
  const [all] =
    await database.sql`select count(*)::int as n, count(distinct bank_transaction_id)::int as ids from transactions`;
  expect(all).toEqual({ n: 12_000, ids: 12_000 });
  const changes = await database.db
    .select()
    .from(events)
    .where(eq(events.type, 'transactions.changed'))
    .orderBy(events.sequence);
  // Whole days, up to 5,000 entries together; what the first attempt had written is recognised and takes no room.
  expect(changes.map((event) => event.facts['counts'])).toMatchObject([
    { created: 4_719 },
    { created: 4_713 },
    { created: 2_568 },
  ]);
  const [sync] = await database.db.select().from(syncs);
  expect(sync?.counts).toEqual({ created: 12_000, updated: 0, voided: 0, unchanged: 0 });
});

/** Does something between two commits: before the one of this number. */
function interrupted(database: Database, commit: number, work: () => Promise<unknown>): Database {
  let seen = 0;
  const db = new Proxy(database.db, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (name !== 'transaction') return value;
      return async (inner: Parameters<typeof target.transaction>[0]) => {
        seen += 1;
        if (seen === commit) await work();
        return target.transaction(inner);
      };
    },
  });
  return { ...database, db };
}

it.each([
  ['stays', false, 12_000],
  ['goes after the first batch, when the others are prepared,', true, 4_719],
])('each batch is decided by the rules of its own transaction: a rule that %s', async (_, isDeleted, decided) => {
  const { context, scope, database, syncId } = await largeAccount();
  const { bankText } = bankTransaction();
  await createCategoryRule(context, scope, { text: bankText, categoryKey: 'SHOPPING', direction: null });
  const between = interrupted(database, 8, async () => (isDeleted ? database.db.delete(categoryRules) : null));
  expect(await runSync({ ...context, database: between }, scope, syncId, new AbortController().signal)).toBe(
    'SUCCEEDED',
  );
  const [row] = await database.sql`
    select count(*)::int as n, (count(*) filter (where category_source = 'USER_RULE'))::int as decided from transactions`;
  expect(row).toEqual({ n: 12_000, decided });
});
