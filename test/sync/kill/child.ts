import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { createPortalConnector } from '../../../src/connectors/portal/connector.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { createDataKeys } from '../../../src/store/data-keys.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { strandedSyncs } from '../../../src/store/syncs.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { createVault } from '../../../src/vault/create-vault.ts';
import { parseKeyRing } from '../../../src/vault/key-ring.ts';

// A worker that takes up every open sync at once, and is killed while it is at them.
const [, , url = '', keys = '', now = ''] = process.argv;
const clock = manualClock(new Date(now));
const database = openDatabase({ url, maxConnections: 8 });
const http = createBankHttp();
const context = {
  database,
  clock,
  connectors: createRegistry([createBerlinGroupConnector(http), createPortalConnector(http)]),
  vault: createVault(parseKeyRing(keys), createDataKeys(database, clock)),
  log: silentLog,
  publicUrl: 'http://gateway.example',
};
const open = await strandedSyncs(database.db, clock.now(), clock.now(), 1_000);
process.stdout.write('ready\n');
await Promise.all(open.map(({ id, scope }) => runSync(context, scope, id, new AbortController().signal)));
await http.close();
await database.close();
