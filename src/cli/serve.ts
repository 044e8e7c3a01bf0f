import { readConfig } from '../app/config.ts';
import { startTributary } from '../app/compose.ts';
import { createLog } from '../app/log.ts';
import type { Role } from '../app/roles.ts';
import { waitForSignal } from '../app/shutdown.ts';
import { startUpTable } from '../app/start-up-table.ts';

/** Starts the roles, tells every address, and runs until a signal ends it. */
export async function serve(roles: ReadonlySet<Role>): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const tributary = await startTributary({ config, roles, log });
  process.stdout.write(startUpTable(tributary.addresses, config.environment === 'sandbox'));
  await waitForSignal(tributary.shutdown, log);
}
