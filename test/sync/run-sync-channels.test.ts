import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { requestSync } from '../../src/actions/request-sync.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import { Failure } from '../../src/domain/failure.ts';
import { enqueueDueSyncs } from '../../src/jobs/enqueue-due-syncs.ts';
import { newId } from '../../src/kernel/id.ts';
import { accounts, channelDefinitions, connections, syncs, syncSteps } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { bothChannels } from '../support/both-channels.ts';
import { bankAccount, booked, fakeConnector } from '../support/fake-connector.ts';
import { seededAt } from '../support/fixtures.ts';
import { bankWorld } from '../support/linked-bank.ts';
import { challenged, credentialFields, credentials, psu } from '../support/signed-in-bank.ts';

describe('a connection of both channels', () => {
  it('signs in at once, and joins the other channel when the person comes back', async () => {
    const world = await bothChannels();
    world.form.signIns = [challenged(world, 'APP_APPROVAL')];
    expect(await world.run(world.syncId)).toBe('WAITING_FOR_USER');
    expect((await world.confirm()).outcome).toBe('GRANTED');
    world.clock.advance(5_000);
    expect(await world.run(world.syncId)).toBe('SUCCEEDED');
    expect(await world.shown()).toEqual(['CHECKINGS by REDIRECT as bank-account-1', 'SAVINGS by EMBEDDED as form-2']);
    const steps = await world.database.db.select().from(syncSteps).orderBy(syncSteps.position);
    expect(steps.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'SIGN_IN SUCCEEDED',
      'LIST_ACCOUNTS SUCCEEDED',
      'CHECK_CONSENT SUCCEEDED',
      'LIST_ACCOUNTS SUCCEEDED',
      'READ_ACCOUNT SUCCEEDED',
      'READ_ACCOUNT SUCCEEDED',
      'CHECK_BOOKS SUCCEEDED',
    ]);
    expect(await world.transactionCount()).toBe(2);
  });

  it('checks the books after the accounts of a channel that joined when all others had been read', async () => {
    const world = await bothChannels();
    const { database, context, scope } = world;
    let isJoined = false;
    const joining = new Proxy(database.db, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        if (name !== 'transaction') return value;
        return async (work: Parameters<typeof target.transaction>[0]) => {
          const steps = await target.select().from(syncSteps);
          const isRead = steps.length > 2 && steps.every(({ finishedAt }) => finishedAt !== null);
          if (isRead && !isJoined) {
            isJoined = true;
            await world.confirm();
          }
          return target.transaction(work);
        };
      },
    });
    const beside = { ...context, database: { ...database, db: joining } };
    expect(await runSync(beside, scope, world.syncId, new AbortController().signal)).toBe('SUCCEEDED');
    const told = await database.sql<{ percent: number }[]>`select (facts ->> 'progressPercent')::int as percent
      from events where type = 'sync.progressed' order by sequence`;
    const percents = told.map(({ percent }) => percent);
    expect(percents).toEqual(percents.toSorted((left, right) => left - right));
    const steps = await database.db.select().from(syncSteps).orderBy(syncSteps.position);
    expect(steps.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'SIGN_IN SUCCEEDED',
      'LIST_ACCOUNTS SUCCEEDED',
      'READ_ACCOUNT SUCCEEDED',
      'READ_ACCOUNT SUCCEEDED',
      'CHECK_CONSENT SUCCEEDED',
      'LIST_ACCOUNTS SUCCEEDED',
      'CHECK_BOOKS SUCCEEDED',
    ]);
  });

  it('has an account of both once: the interface takes it over from the form, with its id and transactions', async () => {
    const world = await bothChannels();
    expect(await world.run(world.syncId)).toBe('SUCCEEDED');
    expect(await world.shown()).toEqual(['CHECKINGS by EMBEDDED as form-1', 'SAVINGS by EMBEDDED as form-2']);
    const ids = await world.ids();
    await world.confirm();
    expect(await world.sync()).toBe('SUCCEEDED');
    expect(await world.shown()).toEqual(['CHECKINGS by REDIRECT as bank-account-1', 'SAVINGS by EMBEDDED as form-2']);
    expect(await world.ids()).toEqual(ids);
    expect(await world.sync()).toBe('SUCCEEDED');
    expect(await world.ids()).toEqual(ids);
    expect(await world.transactionCount()).toBe(2);
  });

  it('reads by the form what the interface cannot show while its person must act, and not while it only fails', async () => {
    const world = await bothChannels();
    await world.confirm();
    await world.run(world.syncId);
    world.bank.before = (call) => {
      if (call === 'accounts') throw new Failure('BANK_ERROR');
    };
    await world.sync();
    expect(await world.shown()).toContain('CHECKINGS by REDIRECT as bank-account-1');
    world.bank.before = () => {};
    world.bank.consent = { status: 'REVOKED' };
    expect(await world.sync()).toBe('ACTION_REQUIRED');
    expect(await world.shown()).toContain('CHECKINGS by EMBEDDED as form-1');
    expect(await world.ids()).toHaveLength(2);
    expect(await world.transactionCount()).toBe(2);
  });

  it('is read on by one channel, as planned and without the person, while the other waits for him', async () => {
    const world = await bothChannels();
    await world.confirm();
    await world.run(world.syncId);
    world.clock.advance(86_400_000);
    world.form.before = () => {
      throw new Failure('SCA_OTP_REQUIRED');
    };
    const unattended = { connectionId: world.connectionId, type: 'ALL', trigger: 'SCHEDULED', psu: null } as const;
    const failing = await requestSync(world.context, world.scope, unattended);
    expect(await world.run(failing.syncId)).toBe('ACTION_REQUIRED');
    const [after] = await world.database.db.select().from(connections);
    expect(after).toMatchObject({
      status: 'ACTION_REQUIRED',
      lastSyncStatus: 'PARTIAL_SUCCESS',
      lastSyncedAt: world.clock.now(),
      failure: { code: 'SCA_OTP_REQUIRED' },
    });
    expect(after!.nextSyncAt!.getTime()).toBeGreaterThan(world.clock.now().getTime());
    world.clock.set(after!.nextSyncAt!);
    expect(await enqueueDueSyncs(world.context)).toMatchObject({ due: 1 });
    const [queued] = await world.database.db.select().from(syncs).where(eq(syncs.status, 'QUEUED'));
    const asked = world.form.calls.length;
    expect(await world.run(queued!.id)).toBe('SUCCEEDED');
    expect(world.form.calls).toHaveLength(asked);
    const [still] = await world.database.db.select().from(connections);
    expect(still).toMatchObject({ status: 'ACTION_REQUIRED', failure: { code: 'SCA_OTP_REQUIRED' } });
    world.form.before = () => {};
    expect(await world.sync()).toBe('SUCCEEDED');
    expect((await world.database.db.select().from(connections))[0]).toMatchObject({ status: 'ACTIVE', failure: null });
  });

  it('never tries a refused password again, not even for the person, while the other channel is read', async () => {
    const world = await bothChannels();
    await world.confirm();
    world.form.before = () => {
      throw new Failure('CREDENTIALS_INVALID');
    };
    expect(await world.run(world.syncId)).toBe('ACTION_REQUIRED');
    expect(await world.sync()).toBe('SUCCEEDED');
    expect(world.form.calls).toHaveLength(1);
    expect(await world.shown()).toEqual(['CHECKINGS by REDIRECT as bank-account-1']);
  });

  it('never takes two accounts for one that nothing identifies', async () => {
    const world = await bothChannels();
    world.form.accounts = [bankAccount({ bankAccountId: 'bank-account-1', iban: null })];
    await world.confirm();
    await world.run(world.syncId);
    expect(await world.ids()).toHaveLength(2);
  });

  it('takes only the types of accounts that were asked for', async () => {
    const world = await bothChannels({ accountTypes: ['SAVINGS'] });
    await world.confirm();
    expect(await world.run(world.syncId)).toBe('SUCCEEDED');
    expect(await world.shown()).toEqual(['SAVINGS by EMBEDDED as form-2']);
  });

  it('reads balances alone when nothing else was asked for', async () => {
    const world = await bothChannels({ dataTypes: ['BALANCES'] });
    world.form.balances = { 'form-2': [booked('INTERIM_BOOKED', '7.00')] };
    expect(await world.run(world.syncId)).toBe('SUCCEEDED');
    expect(await world.transactionCount()).toBe(0);
    expect(world.form.calls.filter(({ call }) => call === 'transactions')).toEqual([]);
    const rows = await world.database.db.select().from(accounts).orderBy(accounts.type);
    expect(rows.map(({ type, balanceAmount, status }) => [type, balanceAmount, status])).toEqual([
      ['CHECKINGS', null, 'ACTIVE'],
      ['SAVINGS', '7.00', 'ACTIVE'],
    ]);
  });

  it('leaves nothing behind, and asks nobody a code, when the page of the bank cannot be had', async () => {
    const world = await bankWorld();
    const form = fakeConnector();
    const connectors = createRegistry([world.context.connectors.get('fake')!, { ...form.connector, dialect: 'form' }]);
    const { database, scope, provider } = world;
    await database.db.insert(channelDefinitions).values({
      id: newId('channelDefinition', seededAt),
      providerId: provider.id,
      kind: 'EMBEDDED',
      dialect: 'form',
      baseUrl: 'http://bank.example',
      accountTypes: ['CHECKINGS'],
      credentialFields,
    });
    world.bank.before = () => {
      throw new Failure('BANK_UNAVAILABLE');
    };
    const input = { providerId: provider.id, credentials, redirectUrl: null, psu };
    const started = startConnection({ ...world.context, connectors }, scope, {
      ...input,
      channels: ['REDIRECT', 'EMBEDDED'],
    });
    await expect(started).rejects.toMatchObject({ code: 'BANK_UNAVAILABLE' });
    expect(await database.sql`select id from connections union all select id from syncs`).toEqual([]);
    expect(form.bank.calls).toEqual([]);
  });
});
