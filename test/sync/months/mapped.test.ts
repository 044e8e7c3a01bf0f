import { expect, test } from 'vitest';
import { mergeAccounts } from '../../../src/actions/merge-accounts.ts';
import { mappingCandidates } from '../../../src/domain/account-identity.ts';
import { ordinaryLife } from './household.ts';
import { aDay, bookOf, linkedPerson, rowsOf } from './linked-person.ts';

const names = ['current', 'second'];
const accounts = names.map((id) => ({ id, transactions: [...ordinaryLife] }));

test('what nothing identifies after a new consent is what its person says, and goes on under its ids', async () => {
  const switches = { ids: 'none', resourceIds: 'per-consent', accountNumbers: 'none' };
  const person = await linkedPerson({ bank: { accounts, switches } });
  await person.liveUntil('2026-01-06T10:00:00Z', aDay);
  const before = await person.accounts();
  const rowsBefore = [await rowsOf(person, 'current'), await rowsOf(person, 'second')];
  const atBank = person.server.bank.consents;
  for (const consent of atBank.all()) atBank.save({ ...consent, status: 'revokedByPsu' });
  await person.sync(true);
  const { url } = await person.renew();
  expect((await person.confirm(url)).outcome).toBe('GRANTED');
  await person.work();

  const all = await person.accounts();
  expect(all).toHaveLength(4);
  for (const known of before) {
    const asked = all.find(({ id }) => id === known.id)!;
    expect(asked).toMatchObject({ status: 'NOT_FOUND', failure: { code: 'ACCOUNT_MAPPING_REQUIRED' } });
    const candidates = mappingCandidates(asked, all);
    expect(candidates.map(({ name }) => name).toSorted()).toEqual(names);
    // The person knows his accounts by the names that the bank gives them.
    const chosen = candidates.find(({ name }) => name === known.name)!;
    person.clock.advance(1000);
    await mergeAccounts(person.context, person.scope, { accountId: known.id, mergedAccountId: chosen.id });
  }

  const merged = await person.accounts();
  expect(merged.map(({ id, status }) => [id, status])).toEqual(before.map(({ id }) => [id, 'ACTIVE']));
  const kept = await Promise.all(names.map(async (name) => rowsOf(person, name)));
  for (const [index, rows] of rowsBefore.entries()) {
    const idsNow = kept[index]!.map(({ id }) => id);
    expect(idsNow).toEqual(expect.arrayContaining(rows.map(({ id }) => id)));
    expect(idsNow).toHaveLength(rows.length);
  }
  const count = await person.transactionCount();
  await person.sync(true);
  expect(await person.transactionCount()).toBe(count);
  expect(await Promise.all(names.map(async (name) => rowsOf(person, name)))).toEqual(kept);

  await person.liveUntil('2026-01-09T10:00:00Z', aDay);
  expect((await person.accounts()).map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  for (const name of names) {
    const { ours, theirs } = await bookOf(person, name);
    expect(ours).toEqual(theirs);
    expect(ours.length).toBeGreaterThan(0);
  }
  const last = (await person.syncs()).at(-1)!;
  const steps = await person.context.database.db.query.syncSteps.findMany({ where: { syncId: last.id } });
  expect(steps.map(({ status, failure }) => [status, failure])).toEqual(steps.map(() => ['SUCCEEDED', null]));
}, 90_000);
