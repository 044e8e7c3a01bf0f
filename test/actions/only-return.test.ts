import { expect, it } from 'vitest';
import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { deleteConnection } from '../../src/actions/delete-connection.ts';
import { returnLeaseMilliseconds } from '../../src/actions/only-return.ts';
import { revokeConsent } from '../../src/actions/revoke-consent.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { visitBank } from '../../src/cli/demo/bank-visit.ts';
import { Failure } from '../../src/domain/failure.ts';
import { parsePayload } from '../../src/jobs/payloads.ts';
import type { ConsentId } from '../../src/kernel/id.ts';
import { revocationSealContext } from '../../src/store/jobs.ts';
import { connections, consents } from '../../src/store/schema/tables.ts';
import { bankDays } from '../support/bank-days.ts';
import { activeConsent } from '../support/fake-connector.ts';
import { bankWorld, type BankWorld } from '../support/linked-bank.ts';

const psu = { ipAddress: '192.0.2.7' };

/** A person on his way back from the bank; each call is another browser with the same address. */
async function returning(world: BankWorld) {
  const connector = world.context.connectors.get('fake')!;
  let state = '';
  const noting: typeof connector = {
    ...connector,
    startAuthorization(call, request) {
      ({ state } = request);
      return connector.startAuthorization(call, request);
    },
  };
  const context = { ...world.context, connectors: new Map([['fake', noting]]) };
  const input = { providerId: world.provider.id, channels: null, redirectUrl: null, psu };
  await startConnection(context, world.scope, input);
  return () => completeAuthorization(world.context, { state, parameters: { code: 'c-1' }, psu });
}

/** From now on the bank does not answer a return until it is let go. */
function holdReturns({ bank }: BankWorld) {
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  bank.before = async (call) => {
    if (call !== 'consent') return;
    bank.before = () => {};
    reached.resolve();
    await held.promise;
  };
  return { reached: reached.promise, letGo: held.resolve };
}

it('of two browsers that come back together from a strict bank one brings the code, and its access lasts', async () => {
  const days = await bankDays({ slug: 'test-bank-stet' });
  const back = new URL(await visitBank(days.authorizationUrl ?? '', { login: 'alice', password: 'tributary1' }));
  const { state = '', ...parameters } = Object.fromEntries(back.searchParams);
  const input = { state, parameters: { ...parameters, state }, psu };
  const both = await Promise.allSettled([1, 2].map(() => completeAuthorization(days.context, input)));
  expect(both.filter((one) => one.status === 'fulfilled').map(({ value }) => value.outcome)).toEqual(['GRANTED']);
  const [refused] = both.filter((one) => one.status === 'rejected');
  expect(['CONFLICT', 'NOT_FOUND']).toContain(refused?.reason.code);
  const exchanges = days.server.bank.calls.after(0).filter(({ path }) => path === '/oauth/token');
  expect(exchanges).toHaveLength(1);
  await days.work();
  expect(await days.syncs()).toMatchObject([{ status: 'SUCCEEDED' }]);
});

it('the second is told to come again, and finds the first one’s decision when he does', async () => {
  const world = await bankWorld();
  const comeBack = await returning(world);
  const hold = holdReturns(world);
  const first = comeBack();
  await hold.reached;
  const asked = world.bank.calls.length;
  await expect(comeBack()).rejects.toMatchObject({
    code: 'CONFLICT',
    retryAt: new Date(world.clock.now().getTime() + returnLeaseMilliseconds),
  });
  expect(world.bank.calls).toHaveLength(asked);
  hold.letGo();
  expect((await first).outcome).toBe('GRANTED');
  await expect(comeBack()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await world.database.db.select().from(consents)).toMatchObject([
    { status: 'ACTIVE', returnLeaseExpiresAt: null },
  ]);
});

it('after a failure of the bank the state serves again at once', async () => {
  const world = await bankWorld();
  const comeBack = await returning(world);
  world.bank.before = () => {
    throw new Failure('BANK_UNAVAILABLE');
  };
  await expect(comeBack()).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
  world.bank.before = () => {};
  expect((await comeBack()).outcome).toBe('GRANTED');
});

it('after the death of the process it serves again when the lease is over, and the dead one changes nothing', async () => {
  const world = await bankWorld();
  const comeBack = await returning(world);
  const hold = holdReturns(world);
  const dead = comeBack();
  await hold.reached;
  world.clock.advance(returnLeaseMilliseconds - 1);
  await expect(comeBack()).rejects.toMatchObject({ code: 'CONFLICT' });
  world.clock.advance(1);
  expect((await comeBack()).outcome).toBe('GRANTED');
  const granted = await world.database.db.select().from(consents).orderBy(consents.id);
  hold.letGo();
  await expect(dead).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await world.database.db.select().from(consents).orderBy(consents.id)).toEqual(granted);
});

it('that fails says why, whatever becomes of its lease', async () => {
  const world = await bankWorld();
  const comeBack = await returning(world);
  world.bank.before = async () => {
    await world.database.sql`
      create function refuse() returns trigger language plpgsql as $$ begin raise 'The database is gone.'; end $$`;
    await world.database.sql`
      create trigger refuse before update on consents for each row execute function refuse()`;
    throw new Failure('BANK_UNAVAILABLE');
  };
  await expect(comeBack()).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
});

it.each([
  ['revoked', async (world: BankWorld, id: ConsentId) => revokeConsent(world.context, world.scope, id)],
  [
    'deleted with its connection',
    async (world: BankWorld) => {
      const [connection] = await world.database.db.select().from(connections);
      await deleteConnection(world.context, world.scope, connection!.id);
    },
  ],
])('what a bank grants while the consent is %s ends at the bank', async (_, withdraw) => {
  const world = await bankWorld();
  const comeBack = await returning(world);
  const [consent] = await world.database.db.select().from(consents).orderBy(consents.id);
  const granted = { consentId: 'bank-consent', refreshToken: 'granted' };
  world.bank.consent = { ...activeConsent, session: granted } as typeof activeConsent;
  world.bank.before = async (call) => {
    if (call === 'consent') await withdraw(world, consent!.id);
  };
  await expect(comeBack()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const jobs = await world.database.sql`
    select payload from graphile_worker._private_jobs where payload ->> 'consentId' is not null`;
  expect(jobs).toHaveLength(1);
  const { consentId, sealedSession } = parsePayload('revoke-consent', jobs[0]!['payload']);
  const sealed = Buffer.from(sealedSession, 'base64url');
  expect(world.context.vault.openForHouse(revocationSealContext(consentId), sealed)).toEqual(granted);
});
