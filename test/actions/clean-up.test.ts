import { expect, it } from 'vitest';
import { answerOnce } from '../../src/actions/answer-once.ts';
import { authenticateUser } from '../../src/actions/authenticate-user.ts';
import { cleanUp } from '../../src/actions/clean-up.ts';
import { manualClock, millisecondsPerDay } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import { rotateSigningKey } from '../../src/oauth/rotate-signing-key.ts';
import { updateSync } from '../../src/store/syncs.ts';
import { spoolEntries } from '../../src/store/spool.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, testClient, testUser, tokenFor } from '../support/oauth.ts';

it('deletes what has expired, and nothing earlier', async () => {
  const clock = manualClock(new Date('2026-03-01T10:00:00Z'));
  const context = await houseContext({ clock });
  await using served = await serveOauth(context);
  const client = await testClient(context);
  const clientId = parseId('client', client.id)!;
  const user = await testUser(context, clientId, 'ada@example.com');
  await tokenFor(served, { client, user });
  await rotateSigningKey(context, { isImmediate: false });
  const attempt = { clientId, email: 'ada@example.com', password: 'wrong-1', address: '203.0.113.7' };
  expect(await authenticateUser(context, attempt)).toBeNull();
  const once = { clientId, subject: clientId, key: 'k', operation: 'test', input: {} };
  const isOutcome = (value: Record<string, unknown>): value is { done: boolean } => 'done' in value;
  await answerOnce(context, once, () => Promise.resolve({ done: true }), isOutcome);

  const nothing = {
    oauthRecords: 0,
    oauthKeys: 0,
    throttles: 0,
    rateWindows: 0,
    idempotencyKeys: 0,
    events: 0,
    spentCalls: 0,
    spooledDays: 0,
  };
  expect(await cleanUp(context, { eventDays: 400 })).toEqual(nothing);
  clock.advance(millisecondsPerDay + 1);
  // The old signing key, the three counts of the failed login, and the answer.
  expect(await cleanUp(context, { eventDays: 400 })).toEqual({
    ...nothing,
    oauthKeys: 1,
    throttles: 3,
    idempotencyKeys: 1,
  });
  clock.advance(180 * millisecondsPerDay);
  // The grant and its refresh token.
  expect(await cleanUp(context, { eventDays: 400 })).toEqual({ ...nothing, oauthRecords: 2 });
  expect(await cleanUp(context, { eventDays: 400 })).toEqual(nothing);
});

it('deletes what a sync has put away and left, but not of one that goes on', async () => {
  const { context, scope, connection, database } = await linkedBank();
  const psu = { ipAddress: '192.0.2.1' };
  const { syncId } = await requestSync(context, scope, {
    connectionId: connection.id,
    type: 'ALL',
    trigger: 'ON_DEMAND',
    psu,
  });
  const bank = { ...bankTransaction(), bookedOn: '2026-03-01' };
  await spoolEntries(scope, database.db, { syncId, attempt: 1 }, [{ sequence: 0, bank }]);
  expect(await cleanUp(context, { eventDays: 400 })).toMatchObject({ spooledDays: 0 });
  await updateSync(scope, database.db, syncId, { status: 'CANCELLED' });
  expect(await cleanUp(context, { eventDays: 400 })).toMatchObject({ spooledDays: 1 });
  expect(await database.sql`select from spooled_entries`).toHaveLength(0);
});

it('goes on past a part that fails: what the log cannot do stops nothing else, and is thrown at the end', async () => {
  const clock = manualClock(new Date('2026-03-01T10:00:00Z'));
  const { database, context, scope, connection } = await linkedBank();
  const { syncId } = await requestSync(context, scope, {
    connectionId: connection.id,
    type: 'ALL',
    trigger: 'ON_DEMAND',
    psu: { ipAddress: '192.0.2.1' },
  });
  await spoolEntries(scope, database.db, { syncId, attempt: 1 }, [
    { sequence: 0, bank: { ...bankTransaction(), bookedOn: '2026-03-01' } },
  ]);
  await updateSync(scope, database.db, syncId, { status: 'CANCELLED' });
  await database.sql`alter table rate_windows rename to rate_windows_away`;
  await database.sql`alter table event_streams rename to event_streams_away`;
  clock.advance(500 * millisecondsPerDay);
  const cleaning = cleanUp({ database, clock }, { eventDays: 400 });
  await expect(cleaning).rejects.toThrow('Parts of the clean-up failed');
  expect(await database.sql`select from spooled_entries`).toHaveLength(0);
});
