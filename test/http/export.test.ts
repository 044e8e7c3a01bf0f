import { createHash } from 'node:crypto';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { expect, test } from 'vitest';
import type { ArchiveSeal } from '../../src/actions/export-user.ts';
import { userArchives } from '../../src/app/user-archives.ts';
import { permissions, type Viewer } from '../../src/domain/viewer.ts';
import { publicKeySet } from '../../src/oauth/signing-keys.ts';
import { channelSealContext, updateChannel } from '../../src/store/channels.ts';
import { exportedTables } from '../../src/store/export-user.ts';
import { shownId } from '../graphql/execute.ts';
import { seedFullWorld } from '../security/house.ts';
import { userTables } from '../security/user-tables.ts';
import { testDatabase } from '../support/database.ts';
import { openGateway } from '../support/gateway.ts';
import { houseContext } from '../support/house-context.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { seededAt, seedTransactions } from '../support/fixtures.ts';

async function house() {
  const database = await testDatabase();
  const clock = manualClock(seededAt);
  const context = await houseContext({ database, clock });
  const gateway = await openGateway({ database, exportUser: userArchives(context) });
  const world = await seedFullWorld(database, 'ada-mark');
  const viewer: Viewer = { kind: 'client', clientId: world.clientId, permissions: new Set(permissions) };
  const fetchArchive = (token: string, id: string) =>
    fetch(`${gateway.url}/exports/users/${id}`, { headers: { authorization: `Bearer ${token}` } });
  return { database, clock, context, gateway, world, viewer, fetchArchive };
}

test('an archive has every row of the user and nobody else’s, no secret, and a seal that the key set proves', async () => {
  const { database, clock, context, gateway, world, viewer, fetchArchive } = await house();
  const stranger = await seedFullWorld(database, 'stranger-mark');
  const { scope, connection } = world;
  const sealedSession = await context.vault.seal(scope, channelSealContext(connection.channelId), {
    token: 'bank-token',
  });
  await updateChannel(scope, database.db, connection.channelId, { sealedSession });
  await seedTransactions(
    database,
    scope,
    world.accountId,
    Array.from({ length: 1_200 }, () => ({ amount: '-0.10' })),
  );
  const response = await fetchArchive(gateway.issue(viewer), shownId('User', world.userId));
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  const text = await response.text();
  const lines = text.trimEnd().split('\n');
  const parsed = lines.map((line) => JSON.parse(line) as { type: string; row?: Record<string, unknown> });
  expect(parsed[0]).toMatchObject({ type: 'archive', format: 'tributary-user-archive', userId: world.userId });
  const rows = parsed.filter(({ row }) => row);
  for (const table of userTables) {
    const [{ count }] = (await database.sql`
      select count(*)::int as count from ${database.sql(table)}
      where ${database.sql(table === 'users' ? 'id' : 'user_id')} = ${world.userId}`) as unknown as [{ count: number }];
    expect([table, rows.filter(({ type }) => type === table).length]).toEqual([table, count]);
  }
  expect(rows.find(({ type }) => type === 'transactions')?.row).toMatchObject({ amount: expect.any(String) });
  expect(text).toContain('ada-mark');
  expect(text).not.toMatch(/stranger-mark|password_hash|sealed_session|wrapped_key|state_hash/);
  expect(text).not.toContain(stranger.userId);

  const { seal, signature } = JSON.parse(lines.at(-1)!) as { seal: ArchiveSeal; signature: string };
  const before = text.slice(0, text.lastIndexOf('{"type":"seal"'));
  expect(seal).toMatchObject({
    lines: lines.length - 1,
    sha256: createHash('sha256').update(before).digest('base64url'),
  });
  const keys = createLocalJWKSet((await publicKeySet({ database, clock })) as JSONWebKeySet);
  const { payload, protectedHeader } = await compactVerify(signature, keys);
  expect(protectedHeader.typ).toBe('tributary-archive+jws');
  expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(seal);
  expect(await database.sql`select action, actor_id from audit_entries`).toEqual([
    { action: 'user.export', actor_id: world.clientId },
  ]);
});

test('every table that holds rows of users is exported', () => {
  expect([...userTables].filter((table) => !exportedTables.includes(table))).toEqual([]);
});

test('is refused to who may not have it, as if there were no such user, and nothing is written down', async () => {
  const { database, gateway, world, viewer, fetchArchive } = await house();
  const stranger = await seedFullWorld(database, 'stranger-mark');
  const id = shownId('User', world.userId);
  const foreign = gateway.issue({ ...viewer, clientId: stranger.clientId } as Viewer);
  const narrow = gateway.issue({ ...viewer, permissions: new Set(['users_read']) } as Viewer);
  const attempts = [
    [foreign, id, 404],
    [narrow, id, 403],
    ['unknown', id, 401],
    [gateway.issue(viewer), 'nonsense', 400],
    [gateway.issue(viewer), shownId('Account', world.accountId), 400],
  ] as const;
  for (const [token, of, status] of attempts) {
    const response = await fetchArchive(token, of);
    expect(response.status).toBe(status);
    expect(await response.text()).not.toContain('ada-mark');
  }
  expect(await database.sql`select 1 from audit_entries`).toHaveLength(0);
});

test('userExport gives the address', async () => {
  const { gateway, world, viewer } = await house();
  const answer = await gateway.ask(
    gateway.issue(viewer),
    'mutation ($id: ID!) { userExport(input: { id: $id }) { ... on UserExportPayload { downloadUrl } } }',
    { id: shownId('User', world.userId) },
  );
  const downloadUrl = `http://127.0.0.1:4000/exports/users/${shownId('User', world.userId)}`;
  expect(answer).toEqual({ data: { userExport: { downloadUrl } } });
});
