import { eq } from 'drizzle-orm';
import { expect, it, vi } from 'vitest';
import { requestSync } from '../../src/actions/request-sync.ts';
import { switchProvider } from '../../src/actions/switch-provider.ts';
import { enqueueDueSyncs } from '../../src/jobs/enqueue-due-syncs.ts';
import { installJobs } from '../../src/jobs/install.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { connections, providers, syncs } from '../../src/store/schema/tables.ts';
import { updateChannel } from '../../src/store/channels.ts';
import { updateConnection } from '../../src/store/connections.ts';
import { strandedSyncs, updateSync } from '../../src/store/syncs.ts';
import { leaseMilliseconds } from '../../src/sync/run.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { seedConnection } from '../support/fixtures.ts';
import { linkedBank, type LinkedBank } from '../support/linked-bank.ts';

const request = ({ context, scope, connection }: LinkedBank) =>
  requestSync(context, scope, { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu: null });

const jobKeys = async ({ database }: LinkedBank) =>
  (await database.sql`select key from graphile_worker.jobs order by id`).map((row) => String(row['key']));

const openSyncs = ({ database }: LinkedBank) => database.db.select().from(syncs);

it('a worker takes a requested sync up, and stops without leaving a job', async () => {
  const world = await linkedBank();
  world.bank.transactions = { 'bank-account-1': [bankTransaction()] };
  await installJobs(world.database.url, silentLog);
  const { context, database } = world;
  const worker = await startWorker({ context, databaseUrl: database.url, concurrency: 2, log: silentLog });
  await request(world);
  await vi.waitFor(async () => expect(await openSyncs(world)).toMatchObject([{ status: 'SUCCEEDED' }]), 20_000);
  await worker.stop();
  expect(await jobKeys(world)).toEqual([]);
});

it('a connection is queued when it is due, once, and not before', async () => {
  const world = await linkedBank();
  await world.sync();
  const [connection] = await world.database.db.select().from(connections);
  world.clock.set(new Date(connection!.nextSyncAt!.getTime() - 1));
  expect(await enqueueDueSyncs(world.context)).toMatchObject({ due: 0 });
  world.clock.advance(1);
  const rounds = await Promise.all([enqueueDueSyncs(world.context), enqueueDueSyncs(world.context)]);
  expect(rounds[0].due + rounds[1].due).toBe(1);
  const queued = await world.database.db.select().from(syncs).where(eq(syncs.status, 'QUEUED'));
  expect(queued).toMatchObject([{ type: 'ALL', trigger: 'SCHEDULED', psu: null }]);
});

it('a connection whose only channel waits for its user, or that is not synced by itself, is never queued', async () => {
  const world = await linkedBank();
  const { scope, database, clock, connection } = world;
  const due = { nextSyncAt: clock.now() };
  await updateChannel(scope, database.db, connection.channelId, { status: 'ACTION_REQUIRED' });
  await updateConnection(scope, database.db, connection.id, { ...due, status: 'ACTION_REQUIRED' });
  expect(await enqueueDueSyncs(world.context)).toMatchObject({ due: 0 });
  await updateConnection(scope, database.db, connection.id, { ...due, status: 'ACTIVE', isAutoSync: false });
  expect(await enqueueDueSyncs(world.context)).toMatchObject({ due: 0 });
  expect(await openSyncs(world)).toEqual([]);
});

it('a sync whose worker died gets a new job when its lease has run out, whatever the old job does', async () => {
  const world = await linkedBank();
  const stuck = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  world.bank.before = async (call) => {
    if (call !== 'balances') return;
    world.bank.before = () => {};
    reached.resolve();
    await stuck.promise;
  };
  const { syncId } = await request(world);
  const killed = runSync(world.context, world.scope, syncId, new AbortController().signal);
  await reached.promise;
  await world.database
    .sql`update graphile_worker._private_jobs set locked_by = 'dead', locked_at = ${world.clock.now()}`;
  expect(await enqueueDueSyncs(world.context)).toMatchObject({ takenUp: 0 });
  world.clock.advance(leaseMilliseconds);
  expect(await enqueueDueSyncs(world.context)).toMatchObject({ takenUp: 1 });
  expect(await jobKeys(world)).toEqual([`run-sync:${syncId}:0`, `run-sync:${syncId}:1`]);
  expect(await runSync(world.context, world.scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
  stuck.resolve();
  expect(await killed).toBe('LOST');
});

it('frees the job of a dead worker, but not of one whose sync still extends its lease', async () => {
  const world = await linkedBank();
  const { syncId } = await request(world);
  const lock = (at: Date) =>
    world.database.sql`update graphile_worker._private_jobs set locked_by = 'worker-1', locked_at = ${at}`;
  const locked = async () =>
    (await world.database.sql`select 1 from graphile_worker.jobs where locked_by is not null`).length;
  const longAgo = new Date(world.clock.now().getTime() - 3_600_000);
  const living = new Date(world.clock.now().getTime() + 60_000);
  await world.database.db.update(syncs).set({ status: 'RUNNING', leaseExpiresAt: living }).where(eq(syncs.id, syncId));
  await lock(longAgo);
  await enqueueDueSyncs(world.context);
  expect(await locked()).toBe(1);
  world.clock.set(living);
  await enqueueDueSyncs(world.context);
  expect(await locked()).toBe(0);
});

it('takes up dead workers before the queue, whatever came first; a queued job keeps its place', async () => {
  const world = await linkedBank();
  const { scope, database, clock } = world;
  const { syncId } = await request(world);
  const other = await seedConnection(database, scope, world.provider);
  clock.advance(1_000);
  const died = await requestSync(world.context, scope, {
    connectionId: other.id,
    type: 'ALL',
    trigger: 'ON_DEMAND',
    psu: { ipAddress: '192.0.2.1' },
  });
  await updateSync(scope, database.db, died.syncId, { status: 'RUNNING', attempt: 1, leaseExpiresAt: clock.now() });
  clock.advance(3_600_000);
  const now = clock.now();
  expect(await strandedSyncs(database.db, now, now, 1)).toMatchObject([{ id: died.syncId }]);
  expect(await strandedSyncs(database.db, now, now, 2)).toMatchObject([{ id: died.syncId }, { id: syncId }]);
  const queuedAt = '2026-01-01 00:00:00+00';
  await database.sql`update graphile_worker._private_jobs set run_at = ${queuedAt}::text::timestamptz`;
  expect(await enqueueDueSyncs(world.context)).toMatchObject({ takenUp: 2 });
  const places = await database.sql`select run_at from graphile_worker.jobs where key = ${`run-sync:${syncId}:0`}`;
  expect(places.map((row) => row['run_at'])).toEqual([queuedAt]);
});

it('a connection that is active without a plan gets one, in the morning of its bank', async () => {
  const world = await linkedBank();
  const { scope, database, clock, connection } = world;
  await enqueueDueSyncs(world.context);
  const [planned] = await database.db.select().from(connections);
  expect(planned).toMatchObject({ nextSyncReason: 'DAILY' });
  expect(planned!.nextSyncAt!.getTime()).toBeGreaterThan(clock.now().getTime());
  expect(await openSyncs(world)).toEqual([]);
  for (const over of [{ status: 'ACTION_REQUIRED' }, { isAutoSync: false }] as const) {
    await updateConnection(scope, database.db, connection.id, { status: 'ACTIVE', ...over, nextSyncAt: null });
    await enqueueDueSyncs(world.context);
    expect((await database.db.select().from(connections))[0]!.nextSyncAt).toBe(null);
  }
});

it('nothing is synced of a provider that is switched off: not by plan, nor on demand; what is open goes on', async () => {
  const world = await linkedBank();
  const { context, database, clock, scope, provider, connection } = world;
  const [row] = await database.db.select().from(providers).where(eq(providers.id, provider.id));
  const { syncId } = await request(world);
  await switchProvider(context, row!.slug, false);
  expect(await request(world)).toEqual({ syncId, isNew: false });
  expect(await runSync(context, scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
  const [planned] = await database.db.select().from(connections).where(eq(connections.id, connection.id));
  clock.set(planned!.nextSyncAt!);
  expect(await enqueueDueSyncs(context)).toMatchObject({ due: 0 });
  await expect(request(world)).rejects.toMatchObject({ code: 'CONNECTOR_DISABLED' });
  await expect(world.sync()).rejects.toMatchObject({ code: 'CONNECTOR_DISABLED' });
  expect(await openSyncs(world)).toHaveLength(1);
  await switchProvider(context, row!.slug, true);
  expect(await enqueueDueSyncs(context)).toMatchObject({ due: 1 });
});
