import type { Benchmark } from './benchmark.ts';
import { authentication } from './authentication/authentication.ts';
import { bank } from './bank/bank.ts';
import { fanOut } from './fan-out/fan-out.ts';
import { ingest } from './ingest/ingest.ts';
import { logCost } from './log/log.ts';
import { reads } from './reads/reads.ts';
import { rowLevelSecurity } from './row-level-security/row-level-security.ts';
import { start } from './start.ts';
import { webhooks } from './webhooks/webhooks.ts';

/** Every benchmark, in the order in which they run. To add one: a file, and its line here. */
export const benchmarks: readonly Benchmark[] = [
  reads,
  authentication,
  rowLevelSecurity,
  start,
  bank,
  fanOut,
  logCost,
  ingest,
  webhooks,
];
