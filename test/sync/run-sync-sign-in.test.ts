import { describe, expect, it } from 'vitest';
import { requestSync } from '../../src/actions/request-sync.ts';
import { updateCredentials } from '../../src/actions/update-credentials.ts';
import { Failure } from '../../src/domain/failure.ts';
import { enqueueDueSyncs } from '../../src/jobs/enqueue-due-syncs.ts';
import { accounts, challenges, syncSteps } from '../../src/store/schema/tables.ts';
import { signedIn } from '../support/fake-connector.ts';
import { challenged, credentials, psu, signInWorld, type SignInWorld } from '../support/signed-in-bank.ts';

async function again(world: SignInWorld, over: { psu?: typeof psu | null } = {}) {
  const { connectionId, context, scope } = world;
  // The latest sync is the one that was asked for last.
  world.clock.advance(1_000);
  const input = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu, ...over } as const;
  const { syncId } = await requestSync(context, scope, input);
  return world.run(syncId);
}

async function statuses(world: SignInWorld) {
  const { sync, channel, connection, consent } = await world.rows();
  return [sync.status, channel.status, connection.status, consent.status];
}

describe('a sync that signs in', () => {
  it('gives the bank what was typed, stores its session, and reads with it', async () => {
    const world = await signInWorld();
    expect(await world.run()).toBe('SUCCEEDED');
    expect(await statuses(world)).toEqual(['SUCCEEDED', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
    expect(world.bank.given).toMatchObject([
      {
        answer: null,
        request: {
          credentials: { login: 'ada', password: 'tributary1' },
          session: null,
          returnUrl: 'http://gateway.example/widget/return',
          validUntil: '2026-08-29',
          frequencyPerDay: 4,
        },
      },
    ]);
    expect(await world.database.db.select().from(accounts)).toHaveLength(1);
    expect(await world.eventTypes()).toEqual([
      'connection.created',
      'consent.requested',
      'sync.queued',
      'sync.started',
      'sync.progressed',
      'consent.granted',
      'channel.status_changed',
      'connection.status_changed',
      'sync.progressed',
      'sync.progressed',
      'account.created',
      'sync.progressed',
      'sync.progressed',
      'sync.progressed',
      'sync.progressed',
      'sync.progressed',
      'sync.succeeded',
    ]);
    const steps = await world.database.db.select().from(syncSteps).orderBy(syncSteps.position);
    expect(steps.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'SIGN_IN SUCCEEDED',
      'LIST_ACCOUNTS SUCCEEDED',
      'READ_ACCOUNT SUCCEEDED',
      'CHECK_BOOKS SUCCEEDED',
    ]);
  });

  it('takes the validity that the bank grants, and keeps its consent', async () => {
    const world = await signInWorld();
    world.bank.signIns = [{ ...signedIn, validUntil: '2026-05-01', frequencyPerDay: 2, bankConsentId: 'c-1' }];
    await world.run();
    const { consent } = await world.rows();
    expect(consent).toMatchObject({ validUntil: '2026-05-01', frequencyPerDay: 2, bankConsentId: 'c-1' });
  });

  it('shows the bank the session of the last sign-in, and grants no consent twice', async () => {
    const world = await signInWorld();
    await world.run();
    await again(world, { psu: null });
    expect(world.bank.given[1]?.request.session).toEqual({ consentId: 'bank-consent' });
    expect((await world.eventTypes()).filter((type) => type.startsWith('consent.'))).toEqual([
      'consent.requested',
      'consent.granted',
    ]);
  });

  it('makes a record of its own for a consent that the bank has made anew', async () => {
    const world = await signInWorld();
    world.bank.signIns = [
      { ...signedIn, bankConsentId: 'c-1' },
      { ...signedIn, bankConsentId: 'c-2' },
    ];
    await world.run();
    await again(world);
    const rows = await world.database.sql`select bank_consent_id, status from consents order by created_at`;
    expect(rows.map((row) => [row['bank_consent_id'], row['status']])).toEqual([
      ['c-1', 'EXPIRED'],
      ['c-2', 'ACTIVE'],
    ]);
  });

  it.each([
    ['CREDENTIALS_INVALID'],
    ['ACCOUNT_LOCKED'],
    ['PASSWORD_CHANGE_REQUIRED'],
    ['CAPTCHA_REQUIRED'],
    ['SCA_METHOD_UNSUPPORTED'],
  ] as const)('ends with what the person must act on: %s', async (code) => {
    const world = await signInWorld();
    world.bank.before = () => {
      throw new Failure(code);
    };
    expect(await world.run()).toBe('ACTION_REQUIRED');
    const { sync, connection, channel } = await world.rows();
    expect([sync.failure?.code, connection.failure?.code, channel.failure?.code]).toEqual([code, code, code]);
    expect(await statuses(world)).toEqual(['ACTION_REQUIRED', 'ACTION_REQUIRED', 'ACTION_REQUIRED', 'PENDING']);
  });

  it('is tried again for a bank that was away, with the connection as it was', async () => {
    const world = await signInWorld();
    world.bank.before = () => {
      throw new Failure('BANK_UNAVAILABLE');
    };
    expect(await world.run()).toBe('FAILED');
    expect(await statuses(world)).toEqual(['FAILED', 'ERROR', 'AUTHORIZING', 'PENDING']);
    world.bank.before = () => {};
    expect(await again(world)).toBe('SUCCEEDED');
  });

  it.each([
    ['goes on without the person where the bank asks nothing', false, 'SUCCEEDED'],
    ['waits for the person where the bank asks', true, 'ACTION_REQUIRED'],
  ] as const)('is tried again by plan for a bank that was away, and %s', async (_, isAsked, status) => {
    const world = await signInWorld();
    world.bank.before = () => {
      throw new Failure('BANK_UNAVAILABLE');
    };
    expect(await world.run()).toBe('FAILED');
    const { connection } = await world.rows();
    expect(connection).toMatchObject({ failure: { code: 'BANK_UNAVAILABLE' }, nextSyncReason: 'RETRY' });
    world.bank.before = () => {};
    if (isAsked) world.bank.signIns = [challenged(world, 'OTP')];
    world.clock.set(connection.nextSyncAt!);
    expect(await enqueueDueSyncs(world.context)).toMatchObject({ due: 1 });
    const { sync } = await world.rows();
    expect(sync).toMatchObject({ status: 'QUEUED', trigger: 'SCHEDULED', psu: null });
    expect(await world.run(sync.id)).toBe(status);
    if (isAsked) expect(await again(world)).toBe('SUCCEEDED');
  });

  it('never tries a refused password again: new credentials are the way out', async () => {
    const world = await signInWorld();
    world.bank.before = () => {
      throw new Failure('CREDENTIALS_INVALID');
    };
    await world.run();
    await expect(again(world)).rejects.toMatchObject({ code: 'CREDENTIALS_INVALID' });
    expect(world.bank.calls).toHaveLength(1);
    world.bank.before = () => {};
    const { connectionId, context, scope } = world;
    world.clock.advance(1_000);
    const typed = [credentials[0]!, { name: 'password', value: 'changed1' }];
    const { syncId } = await updateCredentials(context, scope, { connectionId, credentials: typed, psu });
    expect(await world.run(syncId)).toBe('SUCCEEDED');
    expect(world.bank.given[0]?.request).toMatchObject({ credentials: { password: 'changed1' }, session: null });
    expect(await statuses(world)).toEqual(['SUCCEEDED', 'ACTIVE', 'ACTIVE', 'ACTIVE']);
  });
});

it('new credentials end a sync that an answer has queued again: the old sign-in goes on with nothing', async () => {
  const world = await signInWorld();
  world.bank.signIns = [challenged(world, 'OTP')];
  expect(await world.run()).toBe('WAITING_FOR_USER');
  await world.answer('123456');
  const { connectionId, context, scope } = world;
  world.clock.advance(1_000);
  const typed = [credentials[0]!, { name: 'password', value: 'changed1' }];
  const { syncId } = await updateCredentials(context, scope, { connectionId, credentials: typed, psu });
  expect(syncId).not.toBe(world.syncId);
  expect(await world.run()).toBe('ENDED');
  expect(await world.run(syncId)).toBe('SUCCEEDED');
  expect(world.bank.calls.filter(({ call }) => call === 'proceed')).toEqual([]);
  expect(world.bank.given.at(-1)?.request).toMatchObject({ credentials: { password: 'changed1' } });
});

describe('what a bank asks while nobody is there', () => {
  it.each([
    ['OTP', 'SCA_OTP_REQUIRED'],
    ['CHOICE', 'SCA_REQUIRED'],
    ['QUESTION', 'SCA_REQUIRED'],
    ['APP_APPROVAL', 'SCA_DECOUPLED_PENDING'],
    ['ACT_AT_BANK', 'BANK_USER_ACTION_REQUIRED'],
    ['REDIRECT', 'SCA_REDIRECT_REQUIRED'],
  ] as const)('%s is %s, and no challenge', async (kind, code) => {
    const world = await signInWorld({ isAttended: false });
    world.bank.signIns = [challenged(world, kind)];
    expect(await world.run()).toBe('ACTION_REQUIRED');
    expect((await world.rows()).connection.failure?.code).toBe(code);
    expect(await world.database.db.select().from(challenges)).toEqual([]);
    expect(world.bank.calls).toEqual([{ call: 'begin', isAttended: false }]);
    await expect(again(world, { psu: null })).rejects.toMatchObject({ code });
    expect(await again(world)).toBe('SUCCEEDED');
  });
});

describe('a session', () => {
  it('that ends soon is renewed, and stored before it is used', async () => {
    const world = await signInWorld();
    await world.run();
    const before = (await world.rows()).channel.sealedSession;
    world.bank.renewedTo = { consentId: 'bank-consent', token: 'second' };
    world.bank.before = async (call) => {
      if (call !== 'accounts') return;
      const stored = new TextDecoder().decode((await world.rows()).channel.sealedSession!);
      expect(stored).toContain('second');
    };
    expect(await again(world)).toBe('SUCCEEDED');
    expect((await world.rows()).channel.sealedSession).not.toEqual(before);
    expect(world.bank.calls.filter(({ call }) => call === 'renew')).toHaveLength(1);
  });

  it('that the bank ends in the middle is made anew once, and the step done again', async () => {
    const world = await signInWorld();
    let refusals = 1;
    world.bank.before = (call) => {
      if (call !== 'balances' || refusals === 0) return;
      refusals -= 1;
      throw new Failure('CONSENT_EXPIRED');
    };
    expect(await world.run()).toBe('SUCCEEDED');
    expect(world.bank.calls.map(({ call }) => call)).toEqual([
      'begin',
      'accounts',
      'balances',
      'begin',
      'balances',
      'transactions',
    ]);
    refusals = 2;
    expect(await again(world)).toBe('ACTION_REQUIRED');
  });
});
