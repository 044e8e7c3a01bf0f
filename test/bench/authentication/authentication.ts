import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphql } from 'graphql';
import { createClient } from '../../../src/actions/create-client.ts';
import { createUser } from '../../../src/actions/create-user.ts';
import { startEmbeddedPostgres } from '../../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../../src/app/migrate-database.ts';
import { permissions, scopeOf, type Viewer } from '../../../src/domain/viewer.ts';
import { globalId } from '../../../src/graphql/global-id.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { parseId } from '../../../src/kernel/id.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { createDataKeys } from '../../../src/store/data-keys.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { mergeLedgers } from '../../../src/sync/merge-ledgers.ts';
import { createVault } from '../../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../../src/vault/key-ring.ts';
import { serveOauth, tokenFor } from '../../support/oauth.ts';
import type { Benchmark, Report, RunOptions } from '../benchmark.ts';
import { median, spread } from '../statistics.ts';

const readsPerRound = 500;
const document = 'query ($id: ID!) { user(id: $id) { id email locale createdAt updatedAt } }';

export const authentication: Benchmark = {
  name: 'authentication',
  about: 'the share of a light read that goes into its access token and its scope',
  run: measureAuthentication,
};

/** In one process on one connection: a token is verified and a scope made as often as a user is read. */
async function measureAuthentication({ rounds, tell }: RunOptions): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-auth-'));
  await chmod(directory, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, log: silentLog });
  await migrateDatabase(postgres.url, silentLog);
  const database = openDatabase({ url: postgres.url, maxConnections: 1 });
  try {
    const vault = createVault(parseKeyRing(generateKey('bench')), createDataKeys(database, systemClock));
    const context = { database, clock: systemClock, connectors: new Map(), vault, log: silentLog, mergeLedgers };
    await using served = await serveOauth(context);
    const client = await createClient(context, { name: 'Bench', permissions, isClientModeAllowed: true });
    const clientId = parseId('client', client.oauthClientId);
    if (!clientId) throw new Error('The client has no id.');
    const userId = await createUser(context, clientId, { email: 'ada@example.com', password: 'sesame-1' });
    const token = await tokenFor(served, { client: { id: client.oauthClientId, secret: client.secret } });
    const actions = { ...context, publicUrl: served.publicUrl };

    async function read(viewer: Viewer): Promise<void> {
      const contextValue = { viewer, db: database.db, actions, psu: null, locale: 'en', ipAddress: null };
      const variableValues = { id: globalId('User', userId) };
      const { errors } = await graphql({ schema, source: document, contextValue, variableValues });
      if (errors) throw new Error(String(errors[0]));
    }

    tell(`Reading a user ${readsPerRound} times in each of ${rounds} rounds.`);
    const shares: number[] = [];
    const microseconds: number[] = [];
    for (let round = -1; round < rounds; round += 1) {
      let [authenticating, reading] = [0, 0];
      for (let count = 0; count < readsPerRound; count += 1) {
        const start = performance.now();
        const { viewer } = await served.server.verifyAccessToken(token);
        scopeOf(viewer, userId);
        const middle = performance.now();
        await read(viewer);
        authenticating += middle - start;
        reading += performance.now() - middle;
      }
      if (round < 0) continue;
      shares.push((100 * authenticating) / (authenticating + reading));
      microseconds.push((1000 * authenticating) / readsPerRound);
    }
    return {
      columns: [
        { key: 'share', title: 'share in %', digits: 2 },
        { key: 'spread', title: 'of the rounds' },
        { key: 'microseconds', title: 'microseconds', digits: 1 },
      ],
      figures: [{ share: median(shares), spread: spread(shares, 2), microseconds: median(microseconds) }],
      notes: [
        'The token is verified as at the gateway: signature and revocation once a second, from memory in between.',
        'The read is one user by id, without HTTP: the share of a whole request is smaller. The goal is under 5 %.',
      ],
    };
  } finally {
    await database.close();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
