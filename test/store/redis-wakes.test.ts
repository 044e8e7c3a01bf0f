import { expect, onTestFinished, test } from 'vitest';
import { startEventReader } from '../../src/events/event-reader.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createRedisWakes } from '../../src/store/redis-wakes.ts';
import { append, makeClient, makeUser, markOf } from '../events/log-support.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { hasRedis, startRedis } from '../support/redis.ts';

/** The same database as another process with this Redis sees it. */
function processOver(database: TestDatabase, url: string) {
  const wakes = createRedisWakes(url, silentLog);
  onTestFinished(() => wakes.close());
  return { ...database, wakes };
}

async function marks(items: AsyncIterator<Parameters<typeof markOf>[0]>, count: number): Promise<string[]> {
  const taken: string[] = [];
  while (taken.length < count) taken.push(markOf((await items.next()).value));
  return taken;
}

test.skipIf(!hasRedis)(
  'a commit in one process wakes the readers of another, with no NOTIFY and no polling',
  async () => {
    const redis = await startRedis();
    const statements: string[] = [];
    const database = await testDatabase({ onStatement: (text) => statements.push(text) });
    const scope = await makeUser(database, await makeClient(database));
    const [writer, gateway] = [processOver(database, redis.url), processOver(database, redis.url)];
    const reader = await startEventReader({ database: gateway, pollMilliseconds: 600_000 });
    onTestFinished(() => reader.close());
    const items = await reader.stream(scope, { after: null });
    // The first may be found because Redis has just been connected; the others only because they were told of.
    for (const mark of ['a', 'b', 'c']) {
      await append(writer, scope, mark);
      expect(await marks(items, 1)).toEqual([mark]);
    }
    const [listening] = await database.sql`
    select count(*)::int as count from pg_stat_activity where datname = current_database() and query ilike 'listen%'`;
    expect(listening).toEqual({ count: 0 });
  },
);

test.skipIf(!hasRedis)(
  'without Redis writers go on and readers poll; when it is back they are woken again',
  async () => {
    const redis = await startRedis();
    const database = await testDatabase();
    const scope = await makeUser(database, await makeClient(database));
    const gateway = processOver(database, redis.url);
    const reader = await startEventReader({ database: gateway, pollMilliseconds: 50 });
    onTestFinished(() => reader.close());
    const items = await reader.stream(scope, { after: null });
    await append(gateway, scope, 'with');
    expect(await marks(items, 1)).toEqual(['with']);
    await redis.stop();
    await append(gateway, scope, 'without');
    expect(await marks(items, 1)).toEqual(['without']);
    await startRedis(redis.port);
    await append(gateway, scope, 'back');
    expect(await marks(items, 1)).toEqual(['back']);
  },
);
