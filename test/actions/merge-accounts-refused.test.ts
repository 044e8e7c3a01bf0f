import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { deleteAccount } from '../../src/actions/delete-account.ts';
import { newId } from '../../src/kernel/id.ts';
import { accounts, channels } from '../../src/store/schema/tables.ts';
import { dump } from '../security/dump.ts';
import { seedConnection } from '../support/fixtures.ts';
import { decision } from './relisted-bank.ts';

describe('is refused, and nothing changes,', () => {
  const unknown = newId('account', new Date(0));
  const other =
    (over: Partial<typeof accounts.$inferInsert>) => async (world: Awaited<ReturnType<typeof decision>>) => {
      await world.db.update(accounts).set(over).where(eq(accounts.id, world.x.id));
    };

  test.each<[string, (world: Awaited<ReturnType<typeof decision>>) => Promise<void>, object]>([
    [
      'where the bank still lists the first',
      async ({ db, a }) => {
        await db.update(accounts).set({ status: 'ACTIVE' }).where(eq(accounts.id, a.id));
      },
      { issues: [{ path: ['accountId'] }] },
    ],
    [
      'where the bank itself has closed the first',
      async ({ db, a }) => {
        const failure = { code: 'ACCOUNT_CLOSED', message: 'Closed.' } as const;
        await db.update(accounts).set({ status: 'CLOSED', failure }).where(eq(accounts.id, a.id));
      },
      { issues: [{ path: ['accountId'] }] },
    ],
    ['for another type', other({ type: 'SAVINGS' }), { issues: [{ path: ['mergedAccountId'] }] }],
    ['for another currency', other({ currency: 'USD' }), { issues: [{ path: ['mergedAccountId'] }] }],
    [
      'for another IBAN',
      async ({ db, a, x }) => {
        await db.update(accounts).set({ iban: 'FR1420041010050500013M02606' }).where(eq(accounts.id, a.id));
        await db.update(accounts).set({ iban: 'FR7630006000011234567890189' }).where(eq(accounts.id, x.id));
      },
      { issues: [{ path: ['mergedAccountId'] }] },
    ],
    [
      'where both were listed at one time',
      other({ createdAt: new Date('2026-03-02T12:00:00Z') }),
      {
        issues: [{ path: ['mergedAccountId'] }],
      },
    ],
    [
      'for an account of another connection',
      async ({ db, database, scope, provider, x }) => {
        const { id: connectionId, channelId } = await seedConnection(database, scope, provider);
        await db.update(accounts).set({ connectionId, channelId }).where(eq(accounts.id, x.id));
      },
      { issues: [{ path: ['mergedAccountId'] }] },
    ],
    [
      'for an account of another channel',
      async ({ db, connection, x }) => {
        const [channel] = await db.select().from(channels).where(eq(channels.id, connection.channelId));
        const second = { ...channel!, id: newId('channel', new Date(1)), kind: 'EMBEDDED' as const };
        await db.insert(channels).values(second);
        await db.update(accounts).set({ channelId: second.id }).where(eq(accounts.id, x.id));
      },
      { issues: [{ path: ['mergedAccountId'] }] },
    ],
  ])('%s', async (_, prepare, expected) => {
    const world = await decision();
    await prepare(world);
    const before = await dump(world.database);
    await expect(world.merge()).rejects.toMatchObject({ code: 'VALIDATION_FAILED', ...expected });
    expect(await dump(world.database)).toEqual(before);
  });

  test('for the same account twice, one that is deleted, and one that is not there', async () => {
    const { a, x, merge, context, scope, database } = await decision();
    const before = await dump(database);
    await expect(merge({ mergedAccountId: a.id })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['mergedAccountId'] }],
    });
    await expect(merge({ accountId: unknown })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(merge({ mergedAccountId: unknown })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await dump(database)).toEqual(before);
    await deleteAccount(context, scope, x.id);
    const deleted = await dump(database);
    await expect(merge()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await dump(database)).toEqual(deleted);
  });
});
