import { expect, test } from 'vitest';
import { answerOnce } from '../../src/actions/answer-once.ts';
import { Failure } from '../../src/domain/failure.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { idempotencyKeys } from '../../src/store/schema/tables.ts';
import { testDatabase } from '../support/database.ts';
import { seedClient, seededAt } from '../support/fixtures.ts';

interface Made extends Record<string, unknown> {
  id: string;
}

const isMade = (value: Record<string, unknown>): value is Made => typeof value['id'] === 'string';

async function open() {
  const database = await testDatabase();
  const clientId = await seedClient(database);
  const clock = manualClock(seededAt);
  let made = 0;
  const request = { clientId, subject: clientId, key: 'k', operation: 'make', input: { a: 1 } };
  const work = async () => ({ id: String((made += 1)) });
  return { database, clock, request, work, once: () => answerOnce({ database, clock }, request, work, isMade) };
}

test('the same key is answered without work for 24 hours, then it is free again', async () => {
  const { clock, once } = await open();
  expect(await once()).toEqual({ id: '1' });
  clock.advance(24 * 3_600_000 - 1);
  expect(await once()).toEqual({ id: '1' });
  clock.advance(2);
  expect(await once()).toEqual({ id: '2' });
});

test('a key that a dead process holds is taken over after two minutes, with whatever input', async () => {
  const { database, clock, request, once } = await open();
  const { input: _input, ...row } = request;
  await database.db.insert(idempotencyKeys).values({ ...row, requestHash: 'other', createdAt: clock.now() });
  clock.advance(120_000);
  await expect(once()).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  clock.advance(1);
  expect(await once()).toEqual({ id: '1' });
});

test('a second request waits for the first one that is at work, and gets its answer', async () => {
  const { database, clock, request } = await open();
  const started = Promise.withResolvers<void>();
  const release = Promise.withResolvers<{ id: string }>();
  const first = answerOnce(
    { database, clock },
    request,
    () => {
      started.resolve();
      return release.promise;
    },
    isMade,
  );
  await started.promise;
  const second = answerOnce({ database, clock }, request, () => Promise.reject(new Error('done twice')), isMade);
  release.resolve({ id: 'first' });
  expect(await Promise.all([first, second])).toEqual([{ id: 'first' }, { id: 'first' }]);
});

test('a failure gives the key back and is thrown on', async () => {
  const { database, clock, request, once } = await open();
  const refuse = () => Promise.reject(new Failure('BANK_TIMEOUT'));
  await expect(answerOnce({ database, clock }, request, refuse, isMade)).rejects.toMatchObject({
    code: 'BANK_TIMEOUT',
  });
  expect(await database.db.$count(idempotencyKeys)).toBe(0);
  expect(await once()).toEqual({ id: '1' });
});

test('a key without characters, or with too many, is refused', async () => {
  const { database, clock, request, work } = await open();
  for (const key of ['', 'x'.repeat(256)]) {
    await expect(answerOnce({ database, clock }, { ...request, key }, work, isMade)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['idempotencyKey'] }],
    });
  }
  expect(await database.db.$count(idempotencyKeys)).toBe(0);
});
