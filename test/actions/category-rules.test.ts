import { and, asc, eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { createCategoryRule } from '../../src/actions/create-category-rule.ts';
import { deleteCategoryRule } from '../../src/actions/delete-category-rule.ts';
import { updateTransaction } from '../../src/actions/update-transaction.ts';
import type { Scope } from '../../src/domain/viewer.ts';
import { auditEntries, categoryRules, events, transactions } from '../../src/store/schema/tables.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { clientScope, seedWorld } from '../support/fixtures.ts';
import { linkedBank } from '../support/linked-bank.ts';
import { applyRuleJobs } from './rule-support.ts';

const byModel = { categoryKey: 'GROCERIES_SUPERMARKET', categorySource: 'MODEL', modelCategoryKey: null };

/** A bank with one entry that the model takes for groceries. */
async function market() {
  const world = await linkedBank();
  const entry = (over: Parameters<typeof bankTransaction>[0] = {}) => {
    const text = {
      bankText: 'CB MARCHÉ-NEUF 12',
      label: 'Marché',
      bankTransactionId: '1',
      merchantCategoryCode: '5411',
    };
    world.bank.transactions = { 'bank-account-1': [bankTransaction({ ...text, ...over })] };
  };
  entry();
  const { context, database, scope } = world;
  return {
    ...world,
    entry,
    client: clientScope(scope.clientId),
    // Of two rules with the same words the older one is in force: no two are made at one instant.
    create: (owner: Scope, text: string, categoryKey: string, direction: 'IN' | 'OUT' | null = null) => {
      world.clock.advance(1);
      return createCategoryRule(context, owner, { text, categoryKey, direction });
    },
    read: async () => {
      const [row] = await database.db.select().from(transactions).where(eq(transactions.userId, scope.userId));
      return row!;
    },
    told: async () =>
      (
        await database.db
          .select({ facts: events.facts })
          .from(events)
          .where(and(eq(events.type, 'transactions.changed'), eq(events.userId, scope.userId)))
          .orderBy(asc(events.sequence))
      ).map(({ facts }) => facts),
  };
}

describe('what a bank shows', () => {
  it('is decided by a rule, and the model’s word is kept behind it', async () => {
    const { scope, create, sync, read, context } = await market();
    const id = await create(scope, 'marche neuf', 'SHOPPING');
    await sync();
    expect(await read()).toMatchObject({
      categoryKey: 'SHOPPING',
      categorySource: 'USER_RULE',
      modelCategoryKey: 'GROCERIES_SUPERMARKET',
    });
    await deleteCategoryRule(context, scope, id);
    await applyRuleJobs(context);
    expect(await read()).toMatchObject(byModel);
  });

  it('is decided anew when its text no longer fits the rule', async () => {
    const { scope, create, sync, read, entry } = await market();
    await create(scope, 'marche neuf', 'SHOPPING');
    await sync();
    entry({ bankText: 'CB AUTRE' });
    await sync();
    expect(await read()).toMatchObject(byModel);
  });

  it('is decided by a rule that was made while the bank was read', async () => {
    const { client, create, sync, read, bank } = await market();
    bank.before = async (call) => {
      if (call !== 'balances') return;
      bank.before = () => {};
      await create(client, 'marche neuf', 'SHOPPING');
    };
    await sync();
    expect(await read()).toMatchObject({ categoryKey: 'SHOPPING', categorySource: 'CLIENT_RULE' });
  });
});

describe('what is stored', () => {
  it('follows a new rule by a job, which tells it once and does nothing when it is done again', async () => {
    const { scope, create, sync, read, told, context } = await market();
    await sync();
    const before = await told();
    const { accountId } = await read();
    await create(scope, 'MARCHÉ', 'SHOPPING', 'OUT');
    expect(await read()).toMatchObject(byModel);
    expect(await applyRuleJobs(context)).toBe(1);
    const row = await read();
    expect(row).toMatchObject({ categoryKey: 'SHOPPING', categorySource: 'USER_RULE' });
    const counts = { created: 0, updated: 1, voided: 0, unchanged: 0 };
    expect((await told()).slice(before.length)).toMatchObject([{ accountId, counts, oldestChangedOn: '2026-03-01' }]);
    // The same words again, in vain: the older rule is in force.
    await create(scope, 'MARCHÉ', 'CASH_WITHDRAWAL');
    await applyRuleJobs(context);
    expect(await read()).toEqual(row);
    expect(await told()).toHaveLength(before.length + 1);
  });

  it('goes from a rule of the user to one of the client, and from that to the model', async () => {
    const { scope, client, create, sync, read, context } = await market();
    await sync();
    const ofClient = await create(client, 'marché neuf', 'SHOPPING');
    const ofUser = await create(scope, 'neuf', 'CASH_WITHDRAWAL');
    await applyRuleJobs(context);
    expect(await read()).toMatchObject({ categoryKey: 'CASH_WITHDRAWAL', categorySource: 'USER_RULE' });
    await deleteCategoryRule(context, scope, ofUser);
    await applyRuleJobs(context);
    expect(await read()).toMatchObject({ categoryKey: 'SHOPPING', categorySource: 'CLIENT_RULE' });
    await deleteCategoryRule(context, client, ofClient);
    await applyRuleJobs(context);
    expect(await read()).toMatchObject(byModel);
  });

  it('keeps what a person decided, and follows the rule when he takes it back', async () => {
    const { scope, create, sync, read, entry, context } = await market();
    await sync();
    const { id: transactionId } = await read();
    await updateTransaction(context, scope, { transactionId, categoryKey: 'CASH_WITHDRAWAL', label: 'Mine' });
    await create(scope, 'marché', 'SHOPPING');
    await applyRuleJobs(context);
    entry({ bankText: 'CB MARCHÉ 13' });
    await sync();
    const kept = { categoryKey: 'CASH_WITHDRAWAL', categorySource: 'USER', modelCategoryKey: 'GROCERIES_SUPERMARKET' };
    expect(await read()).toMatchObject(kept);
    await updateTransaction(context, scope, { transactionId, categoryKey: null });
    const byRule = { categoryKey: 'SHOPPING', categorySource: 'USER_RULE', modelCategoryKey: 'GROCERIES_SUPERMARKET' };
    expect(await read()).toMatchObject(byRule);
    // Null again, where no person has decided: the rule stays in force.
    await updateTransaction(context, scope, { transactionId, categoryKey: null });
    expect(await read()).toMatchObject(byRule);
  });

  it('never follows a label that a person wrote', async () => {
    const { scope, create, sync, read, context } = await market();
    await sync();
    const { id: transactionId } = await read();
    await updateTransaction(context, scope, { transactionId, label: 'Holiday' });
    await create(scope, 'holiday', 'CASH_WITHDRAWAL');
    await applyRuleJobs(context);
    expect(await read()).toMatchObject(byModel);
  });

  it('a word that a person takes back while the bank is read does not come back with the sync', async () => {
    const { scope, create, sync, read, entry, bank, context } = await market();
    await sync();
    await create(scope, 'marché', 'SHOPPING');
    const { id: transactionId } = await read();
    await updateTransaction(context, scope, { transactionId, categoryKey: 'CASH_WITHDRAWAL' });
    entry({ bankText: 'CB MARCHÉ 13' });
    bank.before = async (call) => {
      if (call !== 'transactions') return;
      bank.before = () => {};
      await updateTransaction(context, scope, { transactionId, categoryKey: null });
    };
    await sync();
    expect(await read()).toMatchObject({ categoryKey: 'SHOPPING', categorySource: 'USER_RULE' });
  });
});

describe('refuses', () => {
  const rows = (world: Awaited<ReturnType<typeof market>>) => world.database.db.select().from(categoryRules);

  it.each([
    ['x', 'SHOPPING', ['text']],
    [' é! ', 'SHOPPING', ['text']],
    ['-- ..', 'SHOPPING', ['text']],
    ['x'.repeat(101), 'NONSENSE', ['text', 'categoryId']],
  ])('%s for %s', async (text, categoryKey, paths) => {
    const world = await market();
    const issues = paths.map((path) => ({ path: [path] }));
    await expect(world.create(world.scope, text, categoryKey)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues,
    });
    expect(await rows(world)).toEqual([]);
  });

  it('a rule too many, and not those of another owner', async () => {
    const world = await market();
    const { database, scope, client, create } = world;
    await database.sql`
      insert into category_rules (id, client_id, user_id, text, category_key, created_at)
      select 'rul_' || lpad(i::text, 26, '0'), ${scope.clientId}, ${scope.userId}, 'text ' || i, 'SHOPPING', now()
      from generate_series(1, 500) as i`;
    await expect(create(scope, 'one more', 'SHOPPING')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await rows(world)).toHaveLength(500);
    await create(client, 'one more', 'SHOPPING');
  });

  it('to delete another’s rule, a client’s in the name of its user among them', async () => {
    const world = await market();
    const { database, scope, client, create, context } = world;
    const stranger = await seedWorld(database, { name: 'stranger' });
    const ofClient = await create(client, 'one', 'SHOPPING');
    const ofUser = await create(scope, 'two', 'SHOPPING');
    const refused = [
      deleteCategoryRule(context, stranger.scope, ofUser),
      deleteCategoryRule(context, clientScope(stranger.scope.clientId), ofClient),
      deleteCategoryRule(context, scope, ofClient),
    ];
    await Promise.all(refused.map((outcome) => expect(outcome).rejects.toMatchObject({ code: 'NOT_FOUND' })));
    expect(await rows(world)).toHaveLength(2);
  });
});

it('rules are told in the stream of their owner, and audited', async () => {
  const { database, scope, client, create, context } = await market();
  const ofClient = await create(client, 'one', 'SHOPPING');
  const ofUser = await create(scope, 'two', 'CASH_WITHDRAWAL');
  await deleteCategoryRule(context, client, ofUser);
  const told = await database.db.select().from(events).where(eq(events.type, 'category_rule.created'));
  expect(told.map(({ userId, facts }) => [userId, facts])).toEqual([
    [scope.clientId, { categoryRuleId: ofClient, categoryKey: 'SHOPPING' }],
    [scope.userId, { categoryRuleId: ofUser, categoryKey: 'CASH_WITHDRAWAL' }],
  ]);
  const deleted = await database.db.select().from(events).where(eq(events.type, 'category_rule.deleted'));
  expect(deleted.map(({ userId, facts }) => [userId, facts])).toEqual([
    [scope.userId, { categoryRuleId: ofUser, categoryKey: 'CASH_WITHDRAWAL' }],
  ]);
  const audited = await database.db.select({ action: auditEntries.action }).from(auditEntries);
  expect(audited.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['category_rule.create', 'category_rule.delete']),
  );
});
