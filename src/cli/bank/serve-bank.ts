import { createLog } from '../../app/log.ts';
import { createShutdown, waitForSignal } from '../../app/shutdown.ts';
import type { ServerCertificates } from '../../test-bank/certificates/server-certificates.ts';
import type { Scenario } from '../../test-bank/scenario/schema.ts';
import { startTestBank } from '../../test-bank/server.ts';

/** Serves the bank alone, with its control open, until a signal ends it; over TLS when it has certificates. */
export async function serveBank(
  scenario: Scenario,
  port: number,
  certificates: ServerCertificates | null,
): Promise<void> {
  const log = createLog('warn');
  const shutdown = createShutdown(log);
  const bank = await startTestBank({ scenario, port, control: true, log, ...(certificates ? { certificates } : {}) });
  shutdown.add('test bank', () => bank.close());
  process.stdout.write(`${scenario.bank.name} is open: ${bank.url} (its control: ${bank.url}/control/clock)\n`);
  await waitForSignal(shutdown, log);
}
