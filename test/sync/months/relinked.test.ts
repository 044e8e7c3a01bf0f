import { expect, test } from 'vitest';
import { ordinaryLife } from './household.ts';
import { aDay, bookOf, linkedPerson, rowsOf } from './linked-person.ts';

const accounts = ['current', 'second'].map((id) => ({ id, transactions: [...ordinaryLife] }));

test.each([
  ['test-bank', 'stable'],
  ['test-bank', 'none'],
  ['test-bank-stet', 'none'],
] as const)(
  'linking anew after the person has ended the access at %s, whose ids are %s, keeps every id and adds no row',
  async (slug, ids) => {
    const person = await linkedPerson({ slug, bank: { accounts, switches: { ids, resourceIds: 'per-consent' } } });
    await person.liveUntil('2026-01-12T10:00:00Z', aDay);
    const before = {
      accounts: await person.accounts(),
      rows: [await rowsOf(person, 'current'), await rowsOf(person, 'second')],
    };
    const atBank = person.server.bank.consents;
    for (const consent of atBank.all()) atBank.save({ ...consent, status: 'revokedByPsu' });
    await person.sync(true);
    expect(await person.connection()).toMatchObject({
      status: 'ACTION_REQUIRED',
      failure: { code: 'CONSENT_REVOKED_AT_BANK' },
    });
    const { url } = await person.renew();
    expect((await person.confirm(url)).outcome).toBe('GRANTED');
    await person.work();
    expect(await person.connection()).toMatchObject({ status: 'ACTIVE', failure: null, lastSyncStatus: 'SUCCESS' });
    const after = await person.accounts();
    expect(after.map(({ id }) => id)).toEqual(before.accounts.map(({ id }) => id));
    expect(after.map(({ bankAccountId }) => bankAccountId)).not.toEqual(
      before.accounts.map(({ bankAccountId }) => bankAccountId),
    );
    for (const [index, name] of ['current', 'second'].entries()) {
      expect((await rowsOf(person, name)).map(({ id }) => id)).toEqual(before.rows[index]?.map(({ id }) => id));
      const { ours, theirs } = await bookOf(person, name);
      expect(ours).toEqual(theirs);
    }
  },
);
