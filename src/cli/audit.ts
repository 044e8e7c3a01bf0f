import { verifyAudit } from '../actions/verify-audit.ts';
import { withInstallation } from './with-installation.ts';

/** Checks every client's chain of audit entries, and names the first broken link of each; exit status 1 if there is one. */
export async function auditVerify(): Promise<void> {
  await withInstallation(async ({ database }) => {
    let [chains, broken] = [0, 0];
    for await (const verdict of verifyAudit({ database })) {
      chains += 1;
      const who = verdict.clientName ? `${verdict.clientId} (${verdict.clientName})` : verdict.clientId;
      if (!verdict.broken) {
        process.stdout.write(`${who}: ${verdict.soundCount} entries hold; head ${verdict.head}\n`);
        continue;
      }
      broken += 1;
      process.stdout.write(`${who}: broken at entry ${verdict.broken.sequence}: ${verdict.broken.reason}\n`);
    }
    if (chains === 0) process.stdout.write('There are no entries yet.\n');
    if (broken > 0) process.exitCode = 1;
  });
}
