import type { Permission } from '../../src/domain/viewer.ts';
import { startEventReader } from '../../src/events/event-reader.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createGateway } from '../../src/http/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { parseId } from '../../src/kernel/id.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createDataKeys } from '../../src/store/data-keys.ts';
import { openDatabase } from '../../src/store/database.ts';
import { mergeLedgers } from '../../src/sync/merge-ledgers.ts';
import { createVault } from '../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../src/vault/key-ring.ts';

// A gateway in a process of its own, over the database of its argument. A token is the ids of its user.
const [, , url = ''] = process.argv;
const database = openDatabase({ url, maxConnections: 4 });
const events = await startEventReader({ database });
const publicUrl = 'http://127.0.0.1:4000';
const actions = {
  database,
  clock: systemClock,
  connectors: new Map(),
  vault: createVault(parseKeyRing(generateKey('test')), createDataKeys(database, systemClock)),
  log: silentLog,
  mergeLedgers,
  publicUrl,
};
const listening = await listen(
  createGateway({
    schema,
    graphqlContext: (facts) => ({ ...facts, db: database.db, actions, events }),
    async verifyAccessToken(token) {
      const [client = '', user = ''] = token.split('.');
      const [clientId, userId] = [parseId('client', client), parseId('user', user)];
      if (!clientId || !userId) throw new Error('not a token of this test');
      const permissions = new Set<Permission>(['events_read']);
      const expiresAt = new Date(systemClock.now().getTime() + 3_600_000);
      return { viewer: { kind: 'user', clientId, userId, permissions }, expiresAt };
    },
    authorizationServer: (_request, response) => void response.end(),
    widget: async () => new Response(null, { status: 404 }),
    readiness: async () => ({ isReady: true, checks: {} }),
    log: silentLog,
    clock: systemClock,
    publicUrl,
  }),
  { host: '127.0.0.1', port: 0 },
);
console.log(listening.url);

process.once('SIGTERM', () => {
  void (async () => {
    await listening.close();
    await events.close();
    await database.close();
  })();
});
