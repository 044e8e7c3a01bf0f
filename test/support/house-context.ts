import type { ActionContext } from '../../src/actions/context.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createDataKeys } from '../../src/store/data-keys.ts';
import { mergeLedgers } from '../../src/sync/merge-ledgers.ts';
import { createVault } from '../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../src/vault/key-ring.ts';
import { testDatabase } from './database.ts';

/** Everything that an action needs, on a database of the test's own: the real vault with a key of its own, no bank. */
export async function houseContext(parts: Partial<ActionContext> = {}): Promise<ActionContext> {
  const database = parts.database ?? (await testDatabase());
  const clock = parts.clock ?? systemClock;
  return {
    database,
    clock,
    connectors: new Map(),
    vault: createVault(parseKeyRing(generateKey('test')), createDataKeys(database, clock)),
    log: silentLog,
    mergeLedgers,
    publicUrl: 'http://127.0.0.1:4000',
    ...parts,
  };
}
