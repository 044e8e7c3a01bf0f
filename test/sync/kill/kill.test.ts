import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeAuthorization } from '../../../src/actions/complete-authorization.ts';
import type { ActionContext } from '../../../src/actions/context.ts';
import { installTestBank } from '../../../src/actions/install-test-bank.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { startConnection } from '../../../src/actions/start-connection.ts';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import { openSyncStatuses } from '../../../src/domain/sync.ts';
import { scopeOfRow, type UserScope } from '../../../src/domain/viewer.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import type { ConnectionId } from '../../../src/kernel/id.ts';
import { createDataKeys } from '../../../src/store/data-keys.ts';
import { accounts, connections, events, syncs, transactions } from '../../../src/store/schema/tables.ts';
import { startTestBank, type TestBank } from '../../../src/test-bank/server.ts';
import { createVault } from '../../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../../src/vault/key-ring.ts';
import { testDatabase, type TestDatabase } from '../../support/database.ts';
import { seedClient, seedUser } from '../../support/fixtures.ts';
import { houseContext } from '../../support/house-context.ts';
import { work } from './worker.ts';

/** How many people are synced at the same time: each kill of the worker hits all of them wherever they are. */
const people = 12;
/** How many syncs must have been hit in the middle. */
const hitsWanted = 200;
const psu = { ipAddress: '192.0.2.7' };

const clock = manualClock(new Date('2026-03-10T09:00:00Z'));
const keys = generateKey('test');
let bank: TestBank;
let database: TestDatabase;
let context: ActionContext;
const linked: { scope: UserScope; connectionId: ConnectionId }[] = [];

beforeAll(async () => {
  database = await testDatabase();
  bank = await startTestBank({ clock });
  const http = createBankHttp();
  context = await houseContext({
    database,
    clock,
    connectors: createRegistry([createBerlinGroupConnector(http)]),
    vault: createVault(parseKeyRing(keys), createDataKeys(database, clock)),
  });
  const providerId = await installTestBank(context, bank.url);
  const clientId = await seedClient(database);
  for (let index = 0; index < people; index += 1) {
    const scope = scopeOfRow({ clientId, userId: await seedUser(database, clientId, `person-${index}@example.com`) });
    const input = { providerId, channels: ['REDIRECT'], redirectUrl: null, psu } as const;
    const { connectionId, authorizationUrl } = await startConnection(context, scope, input);
    const back = new URL(await visitBank(authorizationUrl!, { login: 'alice', password: 'tributary1' }));
    const { state = '', ...parameters } = Object.fromEntries(back.searchParams);
    await completeAuthorization(context, { state, parameters, psu });
    linked.push({ scope, connectionId });
  }
  await http.close();
}, 60_000);

afterAll(() => bank?.close());

const openCount = () => database.db.$count(syncs, inArray(syncs.status, [...openSyncStatuses]));

async function requestAll(): Promise<void> {
  for (const { scope, connectionId } of linked) {
    await requestSync(context, scope, { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu });
  }
}

test('a worker that is killed hundreds of times leaves the bank’s ledger and a log without gap or repetition', async () => {
  let hits = 0;
  for (let round = 0; hits < hitsWanted; round += 1) {
    if (round > 200) throw new Error(`Only ${hits} syncs were hit in ${round} rounds.`);
    await work({ database, clock, keys }, Math.random() * 900);
    hits += await database.db.$count(syncs, eq(syncs.status, 'RUNNING'));
    if ((await openCount()) > 0) continue;
    // All are through: on to another day.
    clock.advance(86_400_000);
    await requestAll();
  }
  await work({ database, clock, keys }, null);
  // Those that were given up after five dead workers are asked for again.
  await requestAll();
  await work({ database, clock, keys }, null);
  expect(await openCount()).toBe(0);

  const rows = await database.db.select().from(transactions);
  const known = await database.db.select().from(accounts);
  expect(known.length).toBeGreaterThanOrEqual(people);
  for (const account of known) {
    const book = bank.bank.ledger().account(account.type === 'CHECKINGS' ? 'alice-current' : 'alice-card')!;
    const expected = book.booked(book.positionOf(account.coveredFrom!), book.bookedCount);
    const kept = rows.filter((row) => row.accountId === account.id && row.status === 'BOOKED');
    expect(kept.map((row) => `${row.bookedOn} ${row.amount}`).toSorted()).toEqual(
      expected.map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`).toSorted(),
    );
    expect(account.balanceAmount).toBe(book.bookedBalance.amount);
  }
  const statuses = new Set((await database.db.select().from(connections)).map((row) => row.lastSyncStatus));
  expect(statuses).toEqual(new Set(['SUCCESS']));

  const log = await database.db.select().from(events).orderBy(events.userId, events.sequence);
  for (const { scope } of linked) {
    const own = log.filter((event) => event.userId === scope.userId);
    expect(own.map((event) => Number(event.sequence))).toEqual(own.map((_, index) => index + 1));
    const isEnd = (type: string) => /^sync\.(succeeded|partially_succeeded|failed)$/.test(type);
    const ends = own.filter((event) => isEnd(event.type)).map((event) => String(event.facts['syncId']));
    expect(ends.toSorted()).toEqual([...new Set(ends)].toSorted());
    const begun = own.filter((event) => event.type === 'sync.queued').map((event) => String(event.facts['syncId']));
    expect(ends.toSorted()).toEqual(begun.toSorted());
    const created = own
      .filter((event) => event.type === 'transactions.changed')
      .map((event) => (event.facts['counts'] as { created: number }).created);
    expect(created.reduce((sum, count) => sum + count, 0)).toBe(
      rows.filter((row) => row.userId === scope.userId).length,
    );
  }
}, 300_000);
