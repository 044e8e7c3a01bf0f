import { describe, expect, it } from 'vitest';
import { answerChallenge } from '../../src/actions/answer-challenge.ts';
import { completeAuthorization } from '../../src/actions/complete-authorization.ts';
import { Failure } from '../../src/domain/failure.ts';
import { enqueueDueSyncs } from '../../src/jobs/enqueue-due-syncs.ts';
import { accounts, challenges } from '../../src/store/schema/tables.ts';
import { challenged, psu, signInWorld, type SignInWorld } from '../support/signed-in-bank.ts';

/** A sync that waits for the person after a question of this kind. */
async function waiting(...[kind, over]: [Parameters<typeof challenged>[1], object?]) {
  const world = await signInWorld();
  world.bank.signIns = [challenged(world, kind, over)];
  expect(await world.run()).toBe('WAITING_FOR_USER');
  return world;
}

async function asked({ database }: SignInWorld) {
  const rows = await database.db.select().from(challenges);
  return rows.map(({ kind, status, outcome }) => [kind, status, outcome].join(' ')).toSorted();
}

/** When the job of the latest attempt runs. */
async function nextLook({ database, syncId }: SignInWorld) {
  const rows = await database.sql<{ run_at: string }[]>`
    select run_at from graphile_worker.jobs where key like ${`run-sync:${syncId}:%`} order by id`;
  return new Date(rows.at(-1)?.run_at ?? 0);
}

describe('a challenge', () => {
  it('is one commit: the question, its session, a sync without a worker, the event', async () => {
    const world = await waiting('OTP');
    const { sync, channel, connection, consent } = await world.rows();
    expect(sync).toMatchObject({ status: 'WAITING_FOR_USER', leaseExpiresAt: null, pauseCount: 1, psu });
    expect([channel.status, connection.status, consent.status]).toEqual(['AUTHORIZING', 'AUTHORIZING', 'PENDING']);
    expect(await world.challenge()).toMatchObject({
      kind: 'OTP',
      status: 'OPEN',
      prompt: 'Asked by OTP',
      details: { kind: 'OTP', sentTo: '06 ** ** ** 12', attemptsLeft: 3, lengthMax: 6, isNumeric: true },
      sealedAnswer: null,
      expiresAt: new Date(world.clock.now().getTime() + 300_000),
    });
    expect((await world.eventTypes()).at(-1)).toBe('challenge.requested');
    expect(await world.run()).toBe('WAITING_FOR_USER');
    expect(world.bank.calls).toHaveLength(1);
  });

  it('goes on with the answer and the session of its sign-in, and leads to data', async () => {
    const world = await waiting('OTP');
    const other = { ipAddress: '192.0.2.99' };
    const { id: challengeId } = await world.challenge();
    await answerChallenge(world.context, world.scope, { challengeId, answer: '123456', psu: other });
    expect((await world.rows()).sync).toMatchObject({ status: 'QUEUED', psu: other, resumeAt: null });
    expect(await world.run()).toBe('SUCCEEDED');
    expect(world.bank.given[1]).toMatchObject({ answer: '123456', request: { session: { step: 'after OTP' } } });
    expect(world.bank.given[1]?.request.state).toBe(world.bank.given[0]?.request.state);
    expect(await asked(world)).toEqual(['OTP ANSWERED ACCEPTED']);
    expect(await world.challenge()).toMatchObject({ sealedAnswer: null, sealedSession: null });
    expect(await world.database.db.select().from(accounts)).toHaveLength(1);
    const types = await world.eventTypes();
    expect(types.filter((type) => type.startsWith('challenge.'))).toEqual(['challenge.requested', 'challenge.closed']);
  });

  it('that is answered wrongly comes back as a new one, with its outcome told', async () => {
    const world = await waiting('OTP');
    world.bank.signIns = [challenged(world, 'OTP', { attemptsLeft: 2 })];
    await world.answer('000000');
    expect(await world.run()).toBe('WAITING_FOR_USER');
    expect(await asked(world)).toEqual(['OTP ANSWERED REFUSED', 'OTP OPEN ']);
    expect((await world.challenge()).details).toMatchObject({ attemptsLeft: 2 });
    await world.answer('123456');
    expect(await world.run()).toBe('SUCCEEDED');
    expect(await asked(world)).toEqual(['OTP ANSWERED ACCEPTED', 'OTP ANSWERED REFUSED']);
  });

  it('may be followed by another kind: a choice, then the code', async () => {
    const world = await waiting('CHOICE');
    world.bank.signIns = [challenged(world, 'OTP')];
    await world.answer('sms');
    expect(await world.run()).toBe('WAITING_FOR_USER');
    expect(await asked(world)).toEqual(['CHOICE ANSWERED ACCEPTED', 'OTP OPEN ']);
  });

  it('whose last answer the bank refuses ends the sync with a way out', async () => {
    const world = await waiting('OTP');
    world.bank.before = () => {
      throw new Failure('SCA_FAILED');
    };
    await world.answer('000000');
    expect(await world.run()).toBe('ACTION_REQUIRED');
    expect(await asked(world)).toEqual(['OTP ANSWERED REFUSED']);
    expect((await world.rows()).connection.failure?.code).toBe('SCA_FAILED');
  });

  it.each([
    ['OTP', null, 'A challenge of kind OTP wants an answer.'],
    ['OTP', '', 'The code is missing.'],
    ['OTP', '12a456', 'Must be digits only.'],
    ['OTP', '1234567', 'May have at most 6 characters.'],
    ['CHOICE', '', 'The value of one of the options is missing.'],
    ['CHOICE', 'pigeon', 'Must be the value of one of the options.'],
    ['QUESTION', '  ', 'The answer is missing.'],
    ['QUESTION', 'x'.repeat(11), 'May have at most 10 characters.'],
    ['APP_APPROVAL', 'yes', 'A challenge of kind APP_APPROVAL is settled elsewhere and takes no answer: leave it out.'],
  ] as const)('%s refuses %j, and nothing changes', async (kind, answer, message) => {
    const world = await waiting(kind);
    const before = [await world.challenge(), await world.rows(), await world.eventTypes()];
    await expect(world.answer(answer)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['answer'], message }],
    });
    expect([await world.challenge(), await world.rows(), await world.eventTypes()]).toEqual(before);
  });

  it('takes one of two answers that come at the same time; the other is CONFLICT', async () => {
    const world = await waiting('OTP');
    const both = await Promise.allSettled([world.answer('111111'), world.answer('222222')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'CONFLICT' } });
    await world.run();
    expect(world.bank.given.filter(({ answer }) => answer !== null)).toHaveLength(1);
  });
});

describe('what is settled elsewhere', () => {
  it('is asked for after its pause, as the same challenge, until it is settled', async () => {
    const world = await waiting('APP_APPROVAL');
    expect(await nextLook(world)).toEqual(new Date(world.clock.now().getTime() + 5_000));
    const events = await world.eventTypes();
    expect(await world.run()).toBe('WAITING_FOR_USER');
    expect(world.bank.calls).toHaveLength(1);
    world.bank.signIns = [challenged(world, 'APP_APPROVAL', { comparisonCode: '43' })];
    world.clock.advance(5_000);
    expect(await world.run()).toBe('WAITING_FOR_USER');
    expect(world.bank.given[1]).toMatchObject({ answer: null, request: { session: { step: 'after APP_APPROVAL' } } });
    expect(await asked(world)).toEqual(['APP_APPROVAL OPEN ']);
    expect((await world.challenge()).details).toMatchObject({ comparisonCode: '43' });
    expect(await world.eventTypes()).toEqual(events);
    world.clock.advance(5_000);
    expect(await world.run()).toBe('SUCCEEDED');
    expect(await asked(world)).toEqual(['APP_APPROVAL ANSWERED ACCEPTED']);
  });

  it('is asked for at once when the person says so, and any number of times', async () => {
    const world = await waiting('ACT_AT_BANK');
    for (let round = 0; round < 8; round += 1) {
      world.bank.signIns = [challenged(world, 'ACT_AT_BANK')];
      await world.answer(null);
      expect(await world.run()).toBe('WAITING_FOR_USER');
    }
    await world.answer(null);
    expect(await world.run()).toBe('SUCCEEDED');
  });

  it('survives a bank that cannot be asked for a moment', async () => {
    const world = await waiting('APP_APPROVAL');
    world.bank.before = () => {
      throw new Failure('BANK_TIMEOUT');
    };
    world.clock.advance(5_000);
    expect(await world.run()).toBe('WAITING_FOR_USER');
    world.bank.before = () => {};
    world.clock.advance(5_000);
    expect(await world.run()).toBe('SUCCEEDED');
  });

  it('that the person denies is refused', async () => {
    const world = await waiting('APP_APPROVAL');
    world.bank.before = () => {
      throw new Failure('SCA_FAILED');
    };
    world.clock.advance(5_000);
    expect(await world.run()).toBe('ACTION_REQUIRED');
    expect(await asked(world)).toEqual(['APP_APPROVAL ANSWERED REFUSED']);
    expect((await world.eventTypes()).filter((type) => type === 'challenge.closed')).toHaveLength(1);
  });
});

describe('a redirect of a sign-in', () => {
  const back = (world: SignInWorld, state: string) =>
    completeAuthorization(world.context, { state, parameters: { code: 'c-1' }, psu });

  it('comes back by its state, once, and its parameters reach the bank', async () => {
    const world = await waiting('REDIRECT');
    const { state } = world.bank.given[0]!.request;
    expect(await back(world, state)).toEqual({
      outcome: 'PENDING',
      connectionId: world.connectionId,
      redirectUrl: null,
    });
    await expect(back(world, state)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await world.run()).toBe('SUCCEEDED');
    expect(world.bank.given[1]).toMatchObject({ answer: null, parameters: { code: 'c-1' }, request: { state } });
    await expect(back(world, state)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is NOT_FOUND for another state and after its time, and nothing changes', async () => {
    const world = await waiting('REDIRECT');
    const { state } = world.bank.given[0]!.request;
    await expect(back(world, 'x'.repeat(43))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    world.clock.advance(300_000);
    await expect(back(world, state)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await asked(world)).toEqual(['REDIRECT OPEN ']);
  });
});

describe('a challenge whose time is up', () => {
  it('is swept by the clock, and the sync ends with a way out', async () => {
    const world = await waiting('OTP');
    world.clock.advance(299_999);
    expect(await enqueueDueSyncs(world.context)).toMatchObject({ takenUp: 0 });
    world.clock.advance(1);
    expect(await enqueueDueSyncs(world.context)).toMatchObject({ takenUp: 1 });
    expect(await world.run()).toBe('ACTION_REQUIRED');
    expect(await asked(world)).toEqual(['OTP EXPIRED ']);
    const { sync, connection } = await world.rows();
    expect([sync.failure?.code, connection.failure?.code]).toEqual(['SCA_TIMEOUT', 'SCA_TIMEOUT']);
    expect((await world.eventTypes()).slice(-6)).toEqual([
      'challenge.closed',
      'channel.status_changed',
      'connection.status_changed',
      'sync.progressed',
      'sync.progressed',
      'sync.action_required',
    ]);
    expect(world.bank.calls).toHaveLength(1);
  });

  it('takes no answer, before the sweep and after', async () => {
    const world = await waiting('OTP');
    world.clock.advance(300_000);
    await expect(world.answer('123456')).rejects.toMatchObject({ code: 'SCA_TIMEOUT' });
    await world.run();
    await expect(world.answer('123456')).rejects.toMatchObject({ code: 'SCA_TIMEOUT' });
    expect(world.bank.calls).toHaveLength(1);
  });

  it('waits no longer than an hour, whatever the bank says', async () => {
    const world = await waiting('QUESTION', { expiresAt: new Date('9999-12-31T00:00:00Z') });
    expect((await world.challenge()).expiresAt).toEqual(new Date(world.clock.now().getTime() + 3_600_000));
  });
});
