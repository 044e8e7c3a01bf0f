import { asc, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { renewConsent } from '../../../src/actions/renew-consent.ts';
import { revokeConsent } from '../../../src/actions/revoke-consent.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { updateCredentials } from '../../../src/actions/update-credentials.ts';
import { watchConsents } from '../../../src/jobs/watch-consents.ts';
import { accounts, consents, syncs, syncSteps } from '../../../src/store/schema/tables.ts';
import type { FakeCall } from '../../support/fake-connector.ts';
import { challenged, credentials, psu, signInWorld, type SignInWorld } from '../../support/signed-in-bank.ts';

const listed = ({ database }: SignInWorld) =>
  database.db.select().from(consents).orderBy(asc(consents.createdAt), asc(consents.id));

async function renewed(world: SignInWorld) {
  const [first] = await listed(world);
  await renewConsent(world.context, world.scope, { consentId: first!.id, redirectUrl: null, psu });
  const open = await world.database.db.select().from(syncs).where(eq(syncs.status, 'QUEUED'));
  expect(open).toMatchObject([{ type: 'ALL', trigger: 'INITIAL', psu }]);
  return world.run(open[0]!.id);
}

it('a consent that was given by signing in is renewed by signing in again, with the stored credentials', async () => {
  const world = await signInWorld();
  await world.run();
  const before = await world.database.db.select({ id: accounts.id }).from(accounts);
  world.clock.advance(1000);
  expect(await renewed(world)).toBe('SUCCEEDED');
  const [old, current] = await listed(world);
  expect(old).toMatchObject({ status: 'REPLACED', successorId: current?.id });
  expect(current).toMatchObject({ status: 'ACTIVE', authorizationExpiresAt: null, stateHash: null });
  expect(await world.database.db.select({ id: accounts.id }).from(accounts)).toEqual(before);
});

/** A linked connection of which a sync is planned, and its consent renewed when the bank is first asked this. */
async function renewedDuring(during: FakeCall) {
  const world = await signInWorld();
  const { bank, context, scope, connectionId, clock, database } = world;
  await world.run();
  clock.advance(1000);
  const [first] = await listed(world);
  const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
  const { syncId } = await requestSync(context, scope, input);
  const renew = async () => renewConsent(context, scope, { consentId: first!.id, redirectUrl: null, psu });
  bank.calls.length = 0;
  bank.before = async (call) => {
    if (call !== during) return;
    bank.before = () => {};
    await renew();
  };
  return {
    ...world,
    renew,
    run: () => world.run(syncId),
    calls: () => bank.calls.map(({ call }) => call),
    async steps() {
      const rows = await database.db.select().from(syncSteps).orderBy(asc(syncSteps.position));
      return rows.filter((step) => step.syncId === syncId).map(({ kind }) => kind);
    },
  };
}

it.each(['begin', 'accounts', 'balances', 'transactions'] as const)(
  'a consent that is renewed while a sync asks for %s is signed in to by that sync, and no account is read twice',
  async (during) => {
    const world = await renewedDuring(during);
    expect(await world.run()).toBe('SUCCEEDED');
    const [old, current, ...more] = await listed(world);
    expect(old).toMatchObject({ status: 'REPLACED', successorId: current?.id });
    expect(current).toMatchObject({ status: 'ACTIVE' });
    expect(more).toEqual([]);
    expect(await world.database.db.select().from(syncs)).toHaveLength(2);
    expect((await world.steps()).filter((kind) => kind === 'SIGN_IN')).toHaveLength(2);
    expect(world.calls().filter((call) => call === 'transactions')).toHaveLength(1);
  },
);

it('a sign-in that waits for the person takes the renewal up: he is not asked twice', async () => {
  const world = await renewedDuring('revoke');
  world.bank.signIns = [challenged(world, 'OTP')];
  expect(await world.run()).toBe('WAITING_FOR_USER');
  await world.renew();
  await world.answer('123456');
  expect(await world.run()).toBe('SUCCEEDED');
  expect((await listed(world)).map(({ status }) => status)).toEqual(['REPLACED', 'ACTIVE']);
  expect(world.calls().filter((call) => call === 'begin')).toHaveLength(1);
  expect((await world.steps()).filter((kind) => kind === 'SIGN_IN')).toHaveLength(1);
});

it('after the end of a consent signing in again brings the connection back', async () => {
  const world = await signInWorld();
  await world.run();
  world.clock.advance(200 * 86_400_000);
  await watchConsents(world.context);
  expect((await world.rows()).connection).toMatchObject({
    status: 'ACTION_REQUIRED',
    failure: { code: 'CONSENT_EXPIRED' },
    nextSyncAt: null,
  });
  expect(await renewed(world)).toBe('SUCCEEDED');
  expect((await listed(world)).map(({ status }) => status)).toEqual(['EXPIRED', 'ACTIVE']);
  expect((await world.rows()).connection).toMatchObject({ status: 'ACTIVE', failure: null });
});

it('once it is revoked the credentials are gone, and typing them again is the way back', async () => {
  const world = await signInWorld();
  await world.run();
  const [first] = await listed(world);
  await revokeConsent(world.context, world.scope, first!.id);
  expect((await world.rows()).channel).toMatchObject({ sealedCredentials: null, sealedSession: null });
  const renewal = { consentId: first!.id, redirectUrl: null, psu };
  await expect(renewConsent(world.context, world.scope, renewal)).rejects.toMatchObject({
    code: 'CREDENTIALS_INVALID',
  });
  expect(await listed(world)).toHaveLength(1);
  world.clock.advance(1000);
  const { connectionId } = world;
  const { syncId } = await updateCredentials(world.context, world.scope, { connectionId, credentials, psu });
  expect(await world.run(syncId)).toBe('SUCCEEDED');
  expect((await listed(world)).map(({ status }) => status)).toEqual(['REVOKED', 'ACTIVE']);
});
