import type { ActionContext } from '../actions/context.ts';
import { readConfig } from '../app/config.ts';
import { joinInstallationDatabase } from '../app/join-database.ts';
import { createLog } from '../app/log.ts';
import { readKeys } from '../app/key-settings.ts';
import { prepareSchema } from '../app/prepare-schema.ts';
import { systemClock } from '../kernel/clock.ts';
import { createDataKeys } from '../store/data-keys.ts';
import { openDatabase } from '../store/database.ts';
import { createVault } from '../vault/create-vault.ts';
import type { KeyRing } from '../vault/key-ring.ts';

/** What a command of the operator works on. */
export type CommandContext = Pick<ActionContext, 'database' | 'clock' | 'vault' | 'log'>;

/** Does a command's work on the installation of this environment, beside a running server or without one. */
export async function withInstallation<Result>(
  work: (context: CommandContext, keyRing: KeyRing) => Promise<Result>,
): Promise<Result> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const installation = await joinInstallationDatabase(config, log);
  const database = openDatabase({ url: installation.url, maxConnections: 2 });
  try {
    await prepareSchema(config, installation.url, database, log);
    const clock = systemClock;
    const keyRing = await readKeys(config.keys);
    const vault = createVault(keyRing, createDataKeys(database, clock));
    return await work({ database, clock, log, vault }, keyRing);
  } finally {
    await database.close();
    await installation.close();
  }
}
