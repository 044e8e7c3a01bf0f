import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/id.ts';
import { createDataKeys } from '../../src/store/data-keys.ts';
import { createVault } from '../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../src/vault/key-ring.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { seedClient, seededAt, seedUser } from '../support/fixtures.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';

const clock = manualClock(seededAt);
const key = generateKey('k1');
let database: TestDatabase;
let vault: Vault;

function vaultWith(keys: string): Vault {
  return createVault(parseKeyRing(keys), createDataKeys(database, clock));
}

async function newScope(email?: string) {
  const clientId = await seedClient(database);
  return scopeOfRow({ clientId, userId: await seedUser(database, clientId, email) });
}

beforeAll(async () => {
  database = await testDatabase();
  vault = vaultWith(key);
});

describe('a secret of a user', () => {
  test('opens as it was sealed, whatever JSON it is', async () => {
    const scope = await newScope();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.string(), async (value, context) => {
        const opened = await vault.open(scope, context, await vault.seal(scope, context, value));
        expect(opened).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 30 },
    );
  });

  test('leaves nothing of it readable in the sealed bytes, and never the same bytes twice', async () => {
    const scope = await newScope();
    const sealed = await vault.seal(scope, 'a', 'correct horse');
    expect(Buffer.from(sealed).includes('correct')).toBe(false);
    expect(await vault.seal(scope, 'a', 'correct horse')).not.toEqual(sealed);
  });

  test('does not open in another place, for another user, or with a changed or missing byte', async () => {
    const scope = await newScope();
    const stranger = await newScope();
    await vault.seal(stranger, 'a', 'his own');
    const sealed = await vault.seal(scope, 'a', { token: 't' });
    await expect(vault.open(scope, 'b', sealed)).rejects.toThrow('does not open');
    await expect(vault.open(stranger, 'a', sealed)).rejects.toThrow('does not open');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Uint8Array.from(sealed);
      changed[index]! ^= 1;
      await expect(vault.open(scope, 'a', changed)).rejects.toThrow(/does not open|unknown version/);
    }
    await expect(vault.open(scope, 'a', sealed.subarray(0, -1))).rejects.toThrow('does not open');
    await expect(vault.open(scope, 'a', new Uint8Array())).rejects.toThrow('cut short');
  });

  test("does not open under another user's data key row", async () => {
    const scope = await newScope();
    const stranger = await newScope();
    await vault.seal(scope, 'a', 1);
    const sealed = await vault.seal(stranger, 'a', 2);
    await database.sql`update data_keys set wrapped_key = (select wrapped_key from data_keys where user_id = ${stranger.userId}) where user_id = ${scope.userId}`;
    await expect(vault.open(scope, 'a', sealed)).rejects.toThrow('does not open');
  });

  test('is sealed with one data key, however many seal at once for the first time', async () => {
    const scope = await newScope();
    const vaults = [vaultWith(key), vaultWith(key), vaultWith(key)];
    const sealed = await Promise.all([...vaults, ...vaults].map((one, index) => one.seal(scope, 'a', index)));
    const opened = await Promise.all(sealed.map((bytes) => vault.open(scope, 'a', bytes)));
    expect(opened).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('is unreadable at once when the data key is erased, also for a process that has used it', async () => {
    const scope = await newScope();
    const sealed = await vault.seal(scope, 'a', 'x');
    expect(await vault.open(scope, 'a', sealed)).toBe('x');
    await database.sql`delete from data_keys where user_id = ${scope.userId}`;
    await expect(vault.open(scope, 'a', sealed)).rejects.toThrow('no data key any more');
  });

  test("cannot be sealed for a user who is gone or who is another client's, and makes no key", async () => {
    const scope = await newScope();
    const gone = scopeOfRow({ ...scope, userId: newId('user', seededAt) });
    const foreign = scopeOfRow({ clientId: newId('client', seededAt), userId: scope.userId });
    for (const wrong of [gone, foreign]) {
      await expect(vault.seal(wrong, 'a', 1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    const rows =
      await database.sql`select 1 from data_keys where user_id in ${database.sql([gone.userId, scope.userId])}`;
    expect(rows).toHaveLength(0);
  });

  test('opens while its key-encryption key is in the ring, current or not, and says which one is missing', async () => {
    const scope = await newScope();
    const sealed = await vault.seal(scope, 'a', 'x');
    expect(await vaultWith(`${generateKey('k2')},${key}`).open(scope, 'a', sealed)).toBe('x');
    await expect(vaultWith(generateKey('k2')).open(scope, 'a', sealed)).rejects.toThrow('key "k1", which is not in');
    await expect(vaultWith(generateKey('k1')).open(scope, 'a', sealed)).rejects.toThrow('does not open');
  });
});

describe('a secret of the house', () => {
  test('opens in its place, also after a newer key has come', () => {
    const sealed = vault.sealForHouse('signing key', { d: 1 });
    expect(vault.openForHouse('signing key', sealed)).toEqual({ d: 1 });
    expect(vaultWith(`${generateKey('k2')},${key}`).openForHouse('signing key', sealed)).toEqual({ d: 1 });
    expect(() => vault.openForHouse('other', sealed)).toThrow('does not open');
    expect(() => vault.openForHouse('signing key', new Uint8Array())).toThrow('not in the ring');
  });
});
