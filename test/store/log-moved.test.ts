import { expect, test } from 'vitest';
import { movedSince } from '../../src/store/log-moved.ts';
import { placeOf } from '../../src/store/log-place.ts';
import { headOfLog } from '../../src/store/log-reader.ts';
import { append, appendUncommitted, makeClient, makeUser } from '../events/log-support.ts';
import { testDatabase } from '../support/database.ts';

async function house() {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const clientId = await makeClient(database);
  return { database, clientId, statements };
}

test('names the streams that have moved, each once with its end, and no other client’s', async () => {
  const { database, clientId } = await house();
  const [ada, bob] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  const stranger = await makeUser(database, await makeClient(database));
  await append(database, bob, 'before');
  const { snapshot } = await movedSince(database, [clientId], null);
  await append(database, ada, 'a');
  await append(database, ada, 'b', 'c');
  await append(database, stranger, 'd');
  const { streams } = await movedSince(database, [clientId], snapshot);
  expect(streams).toEqual([{ clientId, ownerId: ada.userId, xid: placeOf(await headOfLog(database, ada)).xid }]);
});

test('finds what was written by a transaction that ran at the time of the snapshot, and committed after later ones', async () => {
  const { database, clientId } = await house();
  const [slow, quick] = [await makeUser(database, clientId), await makeUser(database, clientId)];
  const commit = await appendUncommitted(database, slow, 'slow');
  const first = await movedSince(database, [clientId], null);
  await append(database, quick, 'quick');
  const second = await movedSince(database, [clientId], first.snapshot);
  expect(second.streams.map(({ ownerId }) => ownerId)).toEqual([quick.userId]);
  await commit();
  const third = await movedSince(database, [clientId], second.snapshot);
  expect(third.streams.map(({ ownerId }) => ownerId)).toEqual([slow.userId]);
});

test('a look at a log in which nothing happens is one statement', async () => {
  const { database, clientId, statements } = await house();
  // Transactions of other tests' databases move the snapshot as well: until there is a moment without one.
  for (let look = 0; look < 200; look += 1) {
    const { snapshot } = await movedSince(database, [], null);
    statements.length = 0;
    const moved = await movedSince(database, [clientId], snapshot);
    expect(moved.streams).toEqual([]);
    expect(statements).toHaveLength(moved.snapshot === snapshot ? 1 : 2);
    if (moved.snapshot === snapshot) return;
  }
  throw new Error('There was no moment without a transaction.');
});
