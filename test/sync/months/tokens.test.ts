import { expect, test } from 'vitest';
import type { BankSession } from '../../../src/connectors/connector.ts';
import { oauthTokens } from '../../../src/connectors/oauth-access-tokens.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import { aDay, bookOf, linkedPerson, type LinkedPerson } from './linked-person.ts';

const current = {
  id: 'current',
  transactions: [{ id: 'bread', every: { days: 1 }, kind: 'card', amount: '-2.50', text: 'CB BOULANGERIE {ddmmyy}' }],
};

/** From now on notes the refresh token with which each renewal of a session is asked for. */
function notedTokens({ context }: LinkedPerson): string[] {
  const used: string[] = [];
  const stet = context.connectors.get('stet')!;
  const tokenOf = (session: BankSession) => oauthTokens.parse(session['tokens']).refreshToken ?? '';
  const noting: typeof stet = {
    ...stet,
    async renewSession(call, session) {
      const renewed = await stet.renewSession(call, session);
      if (renewed) used.push(tokenOf(session));
      return renewed;
    },
  };
  Object.assign(context, { connectors: createRegistry([noting]) });
  return used;
}

test('weeks at a bank whose tokens live minutes and serve once: nobody is asked until the consent ends, renewal or not', async () => {
  const days = { consentValidityDays: 40 };
  const person = await linkedPerson({
    slug: 'test-bank-stet',
    definition: days,
    bank: { accounts: [current], bank: days, switches: { refreshTokens: 'rotating' } },
  });
  const used = notedTokens(person);
  await person.liveUntil('2026-02-10T10:00:00Z', aDay);
  const syncs = await person.syncs();
  expect(syncs.length).toBeGreaterThan(30);
  expect(syncs.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
  expect(used).toHaveLength(syncs.length - 1);
  expect(await person.consents()).toMatchObject([{ status: 'EXPIRING', validUntil: '2026-02-14' }]);
  const { url } = await person.renew();
  // While he is at the bank the old consent is at work; what it renews meanwhile serves on.
  await person.sync();
  expect((await person.confirm(url)).outcome).toBe('GRANTED');
  await person.work();
  await person.liveUntil('2026-02-18T10:00:00Z', aDay);
  const later = await person.syncs();
  expect(later.filter(({ status }) => status !== 'SUCCEEDED')).toEqual([]);
  expect(new Set(used).size).toBe(used.length);
  const { ours, theirs } = await bookOf(person, 'current');
  expect(ours).toEqual(theirs);
  expect(await person.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
  expect((await person.consents()).map(({ status }) => status)).toEqual(['REPLACED', 'ACTIVE']);
  // Nobody renews the second one: it ends by the clock, and says so.
  await person.liveUntil('2026-03-25T10:00:00Z', 7 * aDay);
  expect(new Set(used).size).toBe(used.length);
  expect(await person.connection()).toMatchObject({
    status: 'ACTION_REQUIRED',
    failure: { code: 'CONSENT_EXPIRED' },
    nextSyncAt: null,
  });
}, 60_000);
