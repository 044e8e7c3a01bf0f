import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { deleteAccount } from '../../src/actions/delete-account.ts';
import { renewConsent } from '../../src/actions/renew-consent.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { revokeConsent } from '../../src/actions/revoke-consent.ts';
import { Failure } from '../../src/domain/failure.ts';
import { watchConsents } from '../../src/jobs/watch-consents.ts';
import { updateConsent } from '../../src/store/consents.ts';
import { accounts, channels, connections, consents, transactions } from '../../src/store/schema/tables.ts';
import { bothChannels } from '../support/both-channels.ts';
import { activeConsent, type FakeBank, type FakeCall } from '../support/fake-connector.ts';
import { psu, signInWorld } from '../support/signed-in-bank.ts';

/** Does something once, while the bank is asked this. */
function during(bank: FakeBank, wanted: FakeCall, work: () => Promise<unknown>): void {
  bank.before = async (call) => {
    if (call !== wanted) return;
    bank.before = () => {};
    await work();
  };
}

/** A connection of both channels that was read the day before. */
async function readByBoth() {
  const world = await bothChannels();
  await world.confirm();
  expect(await world.run(world.syncId)).toBe('SUCCEEDED');
  world.clock.advance(86_400_000);
  const { database } = world;
  return {
    ...world,
    connection: async () => (await database.db.select().from(connections))[0]!,
    async channelOf(kind: 'REDIRECT' | 'EMBEDDED') {
      const [channel] = await database.db.select().from(channels).where(eq(channels.kind, kind));
      return channel!;
    },
    async accountOf(type: 'CHECKINGS' | 'SAVINGS') {
      const [account] = await database.db.select().from(accounts).where(eq(accounts.type, type));
      return account!;
    },
  };
}

/** A connection by credentials that was read once; `again` reads it once more. */
async function signedInOnce() {
  const world = await signInWorld();
  expect(await world.run()).toBe('SUCCEEDED');
  const { context, scope, connectionId } = world;
  return {
    ...world,
    consentId: (await world.rows()).consent.id,
    async again() {
      // The later of two syncs of one instant cannot be told.
      world.clock.advance(1000);
      const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
      return world.run((await requestSync(context, scope, input)).syncId);
    },
  };
}

describe('while a sync is at work', () => {
  it('a consent that is renewed after it has failed leaves a connection that waits for nobody', async () => {
    const world = await readByBoth();
    const { id: channelId } = await world.channelOf('REDIRECT');
    const [ended] = await world.database.db.select().from(consents).where(eq(consents.channelId, channelId));
    world.bank.consent = { status: 'REVOKED' };
    during(world.form, 'begin', async () => {
      expect(await world.connection()).toMatchObject({ status: 'ACTION_REQUIRED' });
      world.bank.consent = activeConsent;
      await renewConsent(world.context, world.scope, { consentId: ended!.id, redirectUrl: null, psu });
      await world.confirm();
    });
    expect(await world.sync()).toBe('SUCCEEDED');
    expect(await world.connection()).toMatchObject({ status: 'ACTIVE', failure: null, lastSyncStatus: 'SUCCESS' });
    expect((await world.connection()).nextSyncAt).not.toBeNull();
    expect(await world.channelOf('REDIRECT')).toMatchObject({ status: 'ACTIVE', lastSyncedAt: world.clock.now() });
  });

  it('an account that failed without a consent is read when the consent is renewed', async () => {
    const world = await readByBoth();
    const { id: channelId } = await world.channelOf('REDIRECT');
    const [ended] = await world.database.db.select().from(consents).where(eq(consents.channelId, channelId));
    world.bank.before = (call) => {
      if (call === 'balances') throw new Failure('CONSENT_REVOKED_AT_BANK');
    };
    during(world.form, 'balances', async () => {
      expect(await world.accountOf('CHECKINGS')).not.toMatchObject({ lastSyncedAt: world.clock.now() });
      world.bank.before = () => {};
      await renewConsent(world.context, world.scope, { consentId: ended!.id, redirectUrl: null, psu });
      await world.confirm();
    });
    expect(await world.sync()).toBe('SUCCEEDED');
    expect(await world.accountOf('CHECKINGS')).toMatchObject({ status: 'ACTIVE', lastSyncedAt: world.clock.now() });
  });

  it.each([
    ['REDIRECT', 'consent'],
    ['REDIRECT', 'accounts'],
    ['REDIRECT', 'balances'],
    ['EMBEDDED', 'begin'],
    ['EMBEDDED', 'accounts'],
    ['EMBEDDED', 'balances'],
  ] as const)(
    'the last account of the %s channel may be deleted (%s): it stays so, and the other is read on as planned',
    async (kind, call) => {
      const world = await readByBoth();
      const type = kind === 'REDIRECT' ? 'CHECKINGS' : 'SAVINGS';
      during(kind === 'REDIRECT' ? world.bank : world.form, call, async () => {
        await deleteAccount(world.context, world.scope, (await world.accountOf(type)).id);
        // The bank has heard of it by now.
        if (call === 'balances') throw new Failure('CONSENT_REVOKED_AT_BANK');
      });
      // The form shows the account of both too, and would be right to bring it back.
      expect(await world.sync(kind === 'REDIRECT' ? 'ALL' : 'LIST_ACCOUNTS')).toBe('SUCCEEDED');
      expect(await world.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
      expect((await world.connection()).nextSyncAt).not.toBeNull();
      expect(await world.channelOf(kind)).toMatchObject({ status: 'EMPTY', sealedSession: null });
      expect((await world.accountOf(type)).deletedAt).not.toBeNull();
    },
  );

  it('an account may be deleted that the bank refuses then: it has not failed', async () => {
    const world = await readByBoth();
    const [first] = world.bank.accounts;
    world.bank.accounts.push({
      ...first!,
      bankAccountId: 'other',
      iban: 'FR1420041010050500013M02606',
      type: 'SAVINGS',
    });
    expect(await world.sync()).toBe('SUCCEEDED');
    during(world.bank, 'balances', async () => {
      await deleteAccount(world.context, world.scope, (await world.accountOf('CHECKINGS')).id);
      throw new Failure('ACCOUNT_NOT_FOUND');
    });
    expect(await world.sync()).toBe('SUCCEEDED');
  });

  it('a consent that comes near its end while its person signs in stays in force', async () => {
    const world = await signedInOnce();
    during(world.bank, 'begin', async () => {
      await updateConsent(world.scope, world.database.db, world.consentId, { validUntil: '2026-03-20' });
      await watchConsents(world.context);
      expect((await world.rows()).consent).toMatchObject({ status: 'EXPIRING' });
    });
    expect(await world.again()).toBe('SUCCEEDED');
    expect((await world.rows()).consent).toMatchObject({ id: world.consentId, status: 'EXPIRING' });
  });

  it('a session that is made anew for a consent that is revoked meanwhile is not kept', async () => {
    const world = await signedInOnce();
    let isRefused = false;
    world.bank.before = async (call) => {
      if (call === 'begin' && isRefused) await revokeConsent(world.context, world.scope, world.consentId);
      if (call !== 'balances') return;
      isRefused = true;
      throw new Failure('SCA_REQUIRED');
    };
    // Whoever has ended it: it is the person who must act.
    expect(await world.again()).toBe('ACTION_REQUIRED');
    const { channel, connection, sync } = await world.rows();
    expect(channel).toMatchObject({ sealedSession: null, sealedCredentials: null, status: 'ACTION_REQUIRED' });
    for (const { failure } of [channel, connection, sync])
      expect(failure).toMatchObject({ code: 'CONSENT_REVOKED_BY_CLIENT' });
  });
});

it('a closed account that was deleted comes back with its transactions', async () => {
  const world = await readByBoth();
  const { id } = await world.accountOf('CHECKINGS');
  const [closing] = world.bank.accounts;
  world.bank.accounts = [{ ...closing!, isClosed: true }];
  expect(await world.sync()).toBe('SUCCEEDED');
  const other = { ...closing!, bankAccountId: 'other', iban: 'FR1420041010050500013M02606' };
  world.bank.accounts.push({ ...other, type: 'LOAN' });
  expect(await world.sync()).toBe('SUCCEEDED');
  await deleteAccount(world.context, world.scope, id);
  const held = () => world.database.db.$count(transactions, eq(transactions.accountId, id));
  expect(await held()).toBe(0);
  expect(await world.sync('LIST_ACCOUNTS')).toBe('SUCCEEDED');
  expect(await held()).toBe(1);
});
