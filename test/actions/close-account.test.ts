import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { closeAccount } from '../../src/actions/close-account.ts';
import { newId } from '../../src/kernel/id.ts';
import { auditEntries } from '../../src/store/schema/tables.ts';
import { dump } from '../security/dump.ts';
import { nameless, relistedBank } from './relisted-bank.ts';

test('an account that is none of the listed ones is closed with its history, asks no more, and is told once', async () => {
  const { context, scope, account, rows, toldAfter, lastSequence, db, connection, sync, standings } =
    await relistedBank();
  const [a, before] = [await account('a'), await lastSequence()];
  const history = await rows(a.id);
  await closeAccount(context, scope, a.id);
  await closeAccount(context, scope, a.id);
  const facts = { connectionId: connection.id, accountId: a.id, changed: ['status', 'failure'] };
  expect(await toldAfter(before)).toEqual([{ type: 'account.updated', facts }]);
  expect(await db.$count(auditEntries, eq(auditEntries.action, 'account.close'))).toBe(1);
  await sync();
  expect(await standings()).toEqual(['a CLOSED', 'b NOT_FOUND ACCOUNT_MAPPING_REQUIRED', 'x ACTIVE']);
  expect(await rows(a.id)).toEqual(history);
});

test('it stands in the way of no other one, which a new consent lists under a new id', async () => {
  const { context, scope, account, bank, sync, clock, standings } = await relistedBank();
  const x = await account('x');
  for (const name of ['a', 'b']) await closeAccount(context, scope, (await account(name)).id);
  clock.advance(3_600_000);
  bank.accounts = [nameless('z')];
  await sync();
  expect(await standings()).toEqual(['a CLOSED', 'b CLOSED', 'z ACTIVE']);
  expect(await account('z')).toMatchObject({ id: x.id });
});

test('it opens again when the bank lists it under its own numbers, and is the bank’s when that calls it closed', async () => {
  const { context, scope, account, bank, sync, clock, standings } = await relistedBank();
  for (const name of ['a', 'b']) await closeAccount(context, scope, (await account(name)).id);
  clock.advance(3_600_000);
  bank.accounts = [nameless('x'), nameless('a'), nameless('b', { isClosed: true })];
  await sync();
  expect(await standings()).toEqual(['a ACTIVE', 'b CLOSED ACCOUNT_CLOSED', 'x ACTIVE']);
});

test('one that the bank lists, or that is not there, is not closed, and nothing changes', async () => {
  const { context, scope, account, database } = await relistedBank();
  const before = await dump(database);
  await expect(closeAccount(context, scope, (await account('x')).id)).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    issues: [{ path: ['id'] }],
  });
  await expect(closeAccount(context, scope, newId('account', new Date(0)))).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await dump(database)).toEqual(before);
});
