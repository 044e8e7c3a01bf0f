import type { ActionContext } from '../actions/context.ts';
import { disableSandboxClient, installSandboxClient } from '../actions/install-sandbox-client.ts';
import { installTestBank } from '../actions/install-test-bank.ts';
import { createBankHttp } from '../connectors/bank-http.ts';
import { startDelivery } from '../jobs/deliver-webhooks.ts';
import { startWorker } from '../jobs/worker.ts';
import { systemClock, type Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { createDataKeys } from '../store/data-keys.ts';
import { openDatabase } from '../store/database.ts';
import { createRedisWakes } from '../store/redis-wakes.ts';
import { mergeLedgers } from '../sync/merge-ledgers.ts';
import { createVault } from '../vault/create-vault.ts';
import { bankConnectors } from './bank-connectors.ts';
import { readBankIdentities } from './bank-identities.ts';
import type { Config } from './config.ts';
import { readKeys } from './key-settings.ts';
import { openGateway, type OpenGateway } from './open-gateway.ts';
import { openInstallationDatabase } from './open-database.ts';
import { prepareSchema } from './prepare-schema.ts';
import type { Role } from './roles.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import type { Addresses } from './start-up-table.ts';
import { openTestBank } from './open-test-bank.ts';

interface StartOptions {
  readonly config: Config;
  readonly roles: ReadonlySet<Role>;
  readonly log: Log;
  readonly clock?: Clock;
}

/** A running installation, or the part of it that this process plays. */
export interface Tributary {
  readonly addresses: Addresses;
  readonly shutdown: Shutdown;
}

/**
 * Starts what the roles name and wires it together. When a part cannot start, those that have are ended again and the
 * error tells which one it was and what to do.
 */
export async function startTributary({ config, roles, log, clock = systemClock }: StartOptions): Promise<Tributary> {
  const shutdown = createShutdown(log);
  try {
    return { addresses: await start(), shutdown };
  } catch (error) {
    await shutdown.run();
    throw error;
  }

  async function start(): Promise<Addresses> {
    const isSandbox = config.environment === 'sandbox';
    const identities = await readBankIdentities(config, clock, log);
    // The port first: one that is taken is told before a database is started for nothing.
    const gateway = roles.has('gateway') ? await openGateway(config) : null;
    if (gateway) shutdown.add('gateway', () => gateway.close());
    const testBank = roles.has('test-bank') && isSandbox ? await openTestBank(config, clock, log) : null;
    if (testBank) shutdown.add('test bank', () => testBank.close());
    if (!roles.has('gateway') && !roles.has('worker')) {
      return { publicUrl: null, testBankUrl: testBank?.url ?? null, database: 'none for this role' };
    }

    const installation = await openInstallationDatabase(config, log);
    shutdown.add('PostgreSQL', () => installation.close());
    const redis = config.redisUrl === null ? null : createRedisWakes(config.redisUrl, log);
    if (redis) shutdown.add('Redis', () => redis.close());
    const database = openDatabase({ url: installation.url, ...(redis ? { wakes: redis } : {}) });
    shutdown.add('database connections', () => database.close());
    await prepareSchema(config, installation.url, database, log);

    const http = createBankHttp({ clock, identities });
    shutdown.add('connections to banks', () => http.close());
    const context: ActionContext = {
      database,
      clock,
      connectors: bankConnectors(http, identities),
      vault: createVault(await readKeys(config.keys), createDataKeys(database, clock)),
      log,
      mergeLedgers,
      publicUrl: publicUrlOf(config, gateway),
      isLoopbackAllowed: isSandbox,
    };
    if (isSandbox) await installSandboxClient(context);
    else await disableSandboxClient(context);
    if (testBank) await installTestBank(context, testBank.url);

    if (gateway) await gateway.serve(context, shutdown);
    if (roles.has('worker')) {
      const { eventRetentionDays } = config;
      const databaseUrl = installation.url;
      const worker = await startWorker({ context, databaseUrl, concurrency: 4, eventRetentionDays, log });
      shutdown.add('worker', () => worker.stop());
      const delivery = await startDelivery(context);
      shutdown.add('webhook delivery', () => delivery.stop());
    }
    return {
      publicUrl: gateway ? context.publicUrl : null,
      testBankUrl: testBank?.url ?? null,
      database: installation.description,
    };
  }
}

function publicUrlOf(config: Config, gateway: OpenGateway | null): string {
  return config.publicUrl ?? gateway?.url ?? `http://${config.host}:${config.port}`;
}
