import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import { rotateKeys, type RotationProgress } from '../../src/actions/rotate-keys.ts';
import { createDataKeys } from '../../src/store/data-keys.ts';
import { enqueue, revocationSealContext } from '../../src/store/jobs.ts';
import { newId } from '../../src/kernel/id.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import * as tables from '../../src/store/schema/tables.ts';
import { houseSecrets } from '../../src/store/sealed.ts';
import { createKeyRotation } from '../../src/vault/key-rotation.ts';
import { createVault } from '../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../src/vault/key-ring.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { seededAt, seedWorld } from '../support/fixtures.ts';

const [old, young] = [generateKey('old'), generateKey('young')];

async function rotate(database: TestDatabase, keys: string): Promise<RotationProgress[]> {
  const all: RotationProgress[] = [];
  for await (const progress of rotateKeys({ database }, createKeyRotation(parseKeyRing(keys)))) all.push(progress);
  return all;
}

function vaultWith(database: TestDatabase, keys: string) {
  return createVault(parseKeyRing(keys), createDataKeys(database, systemClock));
}

it('leaves nothing that needs the former key, and tells its progress', async () => {
  const database = await testDatabase();
  const before = vaultWith(database, old);
  const worlds = await Promise.all(['a', 'b', 'c'].map((name) => seedWorld(database, { name })));
  const sealed = await Promise.all(worlds.map(({ scope }, index) => before.seal(scope, 'place', index)));
  const consentId = newId('consent', seededAt);
  const session = before.sealForHouse(revocationSealContext(consentId), { token: 'of the bank' });
  await database.db.transaction((tx) =>
    enqueue(tx, 'revoke-consent', {
      consentId,
      dialect: 'fake',
      endpoint: { baseUrl: 'http://bank.example', timeZone: 'UTC', quirks: {} },
      sealedSession: Buffer.from(session).toString('base64url'),
    }),
  );
  await database.db.insert(tables.oauthKeys).values({
    kid: 'kid-1',
    publicJwk: {},
    sealedPrivateJwk: before.sealForHouse('oauth_keys.sealed_private_jwk:kid-1', { d: 'secret' }),
    createdAt: seededAt,
    signsFrom: seededAt,
  });
  const progress = await rotate(database, `${young},${old}`);
  expect(progress.slice(0, 2)).toEqual([
    { name: 'data keys of users', done: 0, total: 3 },
    { name: 'data keys of users', done: 3, total: 3 },
  ]);
  expect(progress).toContainEqual({ name: 'signing keys', done: 1, total: 1 });
  expect(progress).toContainEqual({ name: 'consents to revoke', done: 1, total: 1 });

  const after = vaultWith(database, young);
  for (const [index, { scope }] of worlds.entries()) {
    expect(await after.open(scope, 'place', sealed[index]!)).toBe(index);
  }
  const [job] = await database.sql<{ payload: { sealedSession: string } }[]>`
    select payload from graphile_worker._private_jobs`;
  expect(
    after.openForHouse(revocationSealContext(consentId), Buffer.from(job!.payload.sealedSession, 'base64url')),
  ).toEqual({
    token: 'of the bank',
  });
  const [key] = await database.db.select().from(tables.oauthKeys);
  expect(after.openForHouse('oauth_keys.sealed_private_jwk:kid-1', key!.sealedPrivateJwk)).toEqual({ d: 'secret' });
  expect((await rotate(database, young)).every(({ total }) => total === 0)).toBe(true);
});

it('changes nothing when the former key is not in the ring, and names it', async () => {
  const database = await testDatabase();
  const world = await seedWorld(database);
  const sealed = await vaultWith(database, old).seal(world.scope, 'place', 'x');
  await expect(rotate(database, young)).rejects.toThrow('the key "old", which is not in the ring');
  expect(await vaultWith(database, old).open(world.scope, 'place', sealed)).toBe('x');
});

it('knows every column of sealed bytes', () => {
  /** Sealed with a user's data key, which is rotated in their stead; or not sealed at all. */
  const others = [
    'data_keys.wrapped_key',
    'channels.sealed_session',
    'channels.sealed_credentials',
    'consents.sealed_session',
    'challenges.sealed_session',
    'challenges.sealed_answer',
    'audit_entries.previous_hash',
    'audit_entries.hash',
  ];
  const columns = Object.values(tables)
    .filter((table) => is(table, PgTable))
    .flatMap((table) => {
      const bytes = Object.values(getTableColumns(table)).filter((column) => column.getSQLType() === 'bytea');
      return bytes.map((column) => `${getTableName(table)}.${column.name}`);
    });
  const rotated = houseSecrets.map(({ table, column }) => `${table}.${column}`);
  expect(columns.filter((name) => !others.includes(name)).toSorted()).toEqual(
    rotated.filter((name) => !name.startsWith('graphile_worker')).toSorted(),
  );
});
