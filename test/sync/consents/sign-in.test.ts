import { asc, eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { renewConsent } from '../../../src/actions/renew-consent.ts';
import { revokeConsent } from '../../../src/actions/revoke-consent.ts';
import { updateCredentials } from '../../../src/actions/update-credentials.ts';
import { watchConsents } from '../../../src/jobs/watch-consents.ts';
import { accounts, consents, syncs } from '../../../src/store/schema/tables.ts';
import { credentials, psu, signInWorld, type SignInWorld } from '../../support/signed-in-bank.ts';

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
