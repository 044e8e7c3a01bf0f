import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { createUser } from '../../src/actions/create-user.ts';
import { deleteUser } from '../../src/actions/delete-user.ts';
import { scopeOfRow, type UserScope } from '../../src/domain/viewer.ts';
import { newId } from '../../src/kernel/id.ts';
import { channelSealContext } from '../../src/store/channels.ts';
import { consentSealContext } from '../../src/store/consents.ts';
import { revocationSealContext } from '../../src/store/jobs.ts';
import { channels, consents } from '../../src/store/schema/connections.ts';
import { events } from '../../src/store/schema/events.ts';
import { houseContext } from '../support/house-context.ts';
import { seedConnection, seededAt, seedProvider, seedWorld, type SeededConnection } from '../support/fixtures.ts';

const context = await houseContext();
const { database, vault } = context;

type Status = 'PENDING' | 'ACTIVE' | 'EXPIRING' | 'EXPIRED' | 'REVOKED';

async function seedConsent(scope: UserScope, connection: SeededConnection, status: Status) {
  const id = newId('consent', seededAt);
  const sealedSession = await vault.seal(scope, consentSealContext(id), { token: `of ${id}` });
  await database.db.insert(consents).values({
    id,
    ...scope,
    connectionId: connection.id,
    channelId: connection.channelId,
    status,
    sealedSession,
    frequencyPerDay: 4,
    validUntil: '2026-08-01',
    createdAt: seededAt,
    updatedAt: seededAt,
  });
  return id;
}

async function sealChannel(scope: UserScope, { channelId }: SeededConnection) {
  const sealedSession = await vault.seal(scope, channelSealContext(channelId), { token: `of ${channelId}` });
  await database.db.update(channels).set({ sealedSession }).where(eq(channels.id, channelId));
}

/** The rows of every table that has a column of users, for one of them; those of a partition are its table's. */
async function rowsOf(userId: string): Promise<Record<string, number>> {
  const tables = await database.sql<{ name: string }[]>`
    select relname as name from pg_class join pg_attribute on attrelid = pg_class.oid
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
      and attname = 'user_id' order by 1`;
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] =
      await database.sql`select count(*)::int as count from ${database.sql(name)} where user_id = ${userId}`;
    if (row?.['count'] > 0) counts[name] = row?.['count'];
  }
  return counts;
}

async function revocationJobs() {
  return database.sql<{ key: string; payload: { consentId: string; sealedSession: string; dialect: string } }[]>`
    select jobs.key, private_jobs.payload from graphile_worker.jobs
    join graphile_worker._private_jobs as private_jobs on private_jobs.id = jobs.id
    where jobs.task_identifier = 'revoke-consent' order by jobs.key`;
}

it('erases every row of the user but his place in the log, and frees the e-mail', async () => {
  const world = await seedWorld(database, { name: 'erased' });
  const stranger = await seedWorld(database, { name: 'stranger' });
  const ofStranger = await rowsOf(stranger.userId);
  await deleteUser(context, world.scope);
  expect(await rowsOf(world.userId)).toEqual({ event_streams: 1, events: 1 });
  const log = await database.db.select().from(events).where(eq(events.userId, world.userId));
  expect(log).toMatchObject([{ type: 'user.deleted', facts: {} }]);
  expect(await rowsOf(stranger.userId)).toEqual(ofStranger);
  const again = await createUser(context, world.clientId, { email: 'ada@example.com', password: 'sesame-1' });
  expect(again).not.toBe(world.userId);
});

it('leaves jobs that end his open consents at the bank, and can when his key is gone', async () => {
  const world = await seedWorld(database, { name: 'consents' });
  const pendingAt = await seedConnection(database, world.scope, await seedProvider(database, { slug: 'another-bank' }));
  await sealChannel(world.scope, world.connection);
  const active = await seedConsent(world.scope, world.connection, 'ACTIVE');
  await seedConsent(world.scope, world.connection, 'REVOKED');
  const pending = await seedConsent(world.scope, pendingAt, 'PENDING');
  await deleteUser(context, world.scope);
  const jobs = await revocationJobs();
  const opened = jobs.map(({ payload }) => ({
    consentId: payload.consentId,
    dialect: payload.dialect,
    session: vault.openForHouse(
      revocationSealContext(active === payload.consentId ? active : pending),
      Buffer.from(payload.sealedSession, 'base64url'),
    ),
  }));
  expect(opened).toHaveLength(2);
  expect(opened).toEqual(
    expect.arrayContaining([
      { consentId: active, dialect: 'fake', session: { token: `of ${world.connection.channelId}` } },
      { consentId: pending, dialect: 'fake', session: { token: `of ${pending}` } },
    ]),
  );
});

it('does not miss a consent that comes while it works', async () => {
  const world = await seedWorld(database, { name: 'late' });
  await sealChannel(world.scope, world.connection);
  let late: string | null = null;
  await seedConsent(world.scope, world.connection, 'ACTIVE');
  const slow = {
    ...vault,
    open: async (...parameters: Parameters<typeof vault.open>) => {
      late ??= await seedConsent(world.scope, world.connection, 'EXPIRING');
      return vault.open(...parameters);
    },
  };
  await deleteUser({ ...context, vault: slow }, world.scope);
  expect((await revocationJobs()).map((job) => job.key)).toContain(`revoke-consent:${late}`);
  expect(await rowsOf(world.userId)).toEqual({ event_streams: 1, events: 1 });
});

it('answers NOT_FOUND for another client’s user and for one who is gone, and changes nothing', async () => {
  const world = await seedWorld(database, { name: 'kept' });
  const stranger = await seedWorld(database, { name: 'thief' });
  const before = await rowsOf(world.userId);
  const jobs = await revocationJobs();
  const notFound = { code: 'NOT_FOUND', message: 'No such user.' };
  const foreign = scopeOfRow({ clientId: stranger.clientId, userId: world.userId });
  await expect(deleteUser(context, foreign)).rejects.toMatchObject(notFound);
  expect(await rowsOf(world.userId)).toEqual(before);
  expect(await revocationJobs()).toEqual(jobs);
  await deleteUser(context, stranger.scope);
  await expect(deleteUser(context, stranger.scope)).rejects.toMatchObject(notFound);
});
