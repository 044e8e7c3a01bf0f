import { dateIn, type CalendarDate } from '../kernel/calendar-date.ts';
import { systemClock } from '../kernel/clock.ts';
import { readServerCertificates } from '../test-bank/certificates/server-certificates.ts';
import { makeTestCertificates } from '../test-bank/certificates/test-certificates.ts';
import { scenarioJsonSchema } from '../test-bank/scenario/json-schema.ts';
import { loadScenario, ScenarioInvalid } from '../test-bank/scenario/load-scenario.ts';
import type { Scenario } from '../test-bank/scenario/schema.ts';
import { scenarioReport } from './bank/scenario-report.ts';
import { serveBank } from './bank/serve-bank.ts';
import { shownReport } from './bank/show-report.ts';

export interface BankOptions {
  readonly next: number;
  readonly at?: CalendarDate;
  readonly json?: boolean;
  readonly serve?: boolean;
  readonly tls?: string;
  readonly port: number;
  readonly schema?: boolean;
  readonly certificates?: string;
}

/** Checks a scenario file and shows what it yields, or serves it; without a file, the default household. */
export async function bankCommand(file: string | undefined, options: BankOptions): Promise<void> {
  if (options.schema) return print(JSON.stringify(scenarioJsonSchema(), null, 2));
  if (options.certificates !== undefined) {
    await makeTestCertificates(options.certificates, { now: systemClock.now() });
    return print(
      `Test certificates (root, qwac, qseal, server) are in ${options.certificates}. Nobody trusts them.\n` +
        `Serve with them: tributary bank --serve --tls ${options.certificates}`,
    );
  }
  if (options.tls !== undefined && !options.serve) {
    throw new Error('--tls says how the bank is served: add --serve, or leave --tls away.');
  }
  const certificates = options.tls === undefined ? null : await readServerCertificates(options.tls);
  const scenario = await read(file, options);
  if (!scenario) return undefined;
  if (options.serve) return serveBank(scenario, options.port, certificates);
  const report = scenarioReport(
    scenario,
    options.at ?? dateIn(scenario.bank.timeZone, systemClock.now()),
    options.next,
  );
  return print(options.json ? JSON.stringify(report, null, 2) : shownReport(report));
}

/** The scenario; with --json the mistakes of a bad one are printed as data, else they are thrown as text. */
async function read(file: string | undefined, options: BankOptions): Promise<Scenario | null> {
  try {
    return await loadScenario(file);
  } catch (error) {
    if (!(error instanceof ScenarioInvalid) || !options.json) throw error;
    print(JSON.stringify({ file, problems: error.problems }, null, 2));
    process.exitCode = 1;
    return null;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
