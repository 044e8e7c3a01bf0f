import { expect, test } from 'vitest';
import { channels } from '../../../src/store/schema/tables.ts';
import { ordinaryLife } from './household.ts';
import { accountOf, aDay, bookOf, linkedPerson, rowsOf, type LinkedPerson } from './linked-person.ts';

const current = { id: 'current', transactions: [...ordinaryLife] };
const savings = {
  id: 'savings',
  type: 'savings',
  transactions: [
    {
      id: 'put-by',
      every: { days: 2 },
      kind: 'transfer-in',
      amount: { min: '5.00', max: '90.00' },
      text: 'VIR RECU {n}',
    },
  ],
};

/** Each account with the kind of the channel that reads it. */
async function readers(person: LinkedPerson) {
  const kinds = new Map((await person.context.database.db.select().from(channels)).map(({ id, kind }) => [id, kind]));
  return (await person.accounts()).map(({ name, channelId }) => `${name} by ${kinds.get(channelId)}`).toSorted();
}

async function expectTheBanksBooks(person: LinkedPerson) {
  for (const name of ['current', 'savings']) {
    const { ours, theirs } = await bookOf(person, name);
    expect(ours).toEqual(theirs);
  }
}

test('both channels of a bank: one current account, read on by the form while the interface waits for its person', async () => {
  const person = await linkedPerson({
    channels: ['REDIRECT', 'EMBEDDED'],
    bank: { accounts: [current, savings] },
  });
  await person.liveUntil('2026-01-08T10:00:00Z', aDay);
  expect(await readers(person)).toEqual(['current by REDIRECT', 'savings by EMBEDDED']);
  await expectTheBanksBooks(person);
  const ids = [(await accountOf(person, 'current')).id, (await accountOf(person, 'savings')).id];
  const known = (await rowsOf(person, 'current')).filter(({ status }) => status === 'BOOKED').map(({ id }) => id);

  const atBank = person.server.bank.consents;
  for (const consent of atBank.all()) atBank.save({ ...consent, status: 'revokedByPsu' });
  await person.liveUntil('2026-01-09T10:00:00Z', aDay);
  const failure = { code: 'CONSENT_REVOKED_AT_BANK' };
  expect(await person.connection()).toMatchObject({
    status: 'ACTION_REQUIRED',
    lastSyncStatus: 'PARTIAL_SUCCESS',
    failure,
  });
  expect((await person.connection()).nextSyncAt).not.toBeNull();
  const standing = await person.context.database.db.select().from(channels).orderBy(channels.kind);
  expect(standing.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
    'EMBEDDED ACTIVE',
    'REDIRECT ACTION_REQUIRED',
  ]);

  await person.liveUntil('2026-01-14T10:00:00Z', aDay);
  expect(await readers(person)).toEqual(['current by EMBEDDED', 'savings by EMBEDDED']);
  expect(await person.connection()).toMatchObject({ status: 'ACTION_REQUIRED', failure });
  await expectTheBanksBooks(person);

  const consent = (await person.consents()).find(({ status }) => status === 'REVOKED');
  const { url } = await person.renew(consent?.id);
  expect((await person.confirm(url)).outcome).toBe('GRANTED');
  await person.work();
  await person.liveUntil('2026-01-16T10:00:00Z', aDay);
  expect(await readers(person)).toEqual(['current by REDIRECT', 'savings by EMBEDDED']);
  expect(await person.connection()).toMatchObject({ status: 'ACTIVE', failure: null, lastSyncStatus: 'SUCCESS' });
  await expectTheBanksBooks(person);
  expect([(await accountOf(person, 'current')).id, (await accountOf(person, 'savings')).id]).toEqual(ids);
  const booked = (await rowsOf(person, 'current')).filter(({ status }) => status === 'BOOKED').map(({ id }) => id);
  expect(booked).toEqual(expect.arrayContaining(known));
}, 60_000);
