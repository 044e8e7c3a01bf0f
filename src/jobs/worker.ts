import { parseCronItems, run, type TaskList } from 'graphile-worker';
import { engineLogger } from './engine-logger.ts';
import { applyCategoryRules } from '../actions/apply-category-rules.ts';
import { cleanUp } from '../actions/clean-up.ts';
import { tendLog } from '../actions/tend-log.ts';
import type { ActionContext } from '../actions/context.ts';
import { endConsentAtBank } from '../actions/end-consent-at-bank.ts';
import type { Log } from '../kernel/log.ts';
import { forgetOldDeliveries } from './deliver-webhooks.ts';
import { enqueueDueSyncs } from './enqueue-due-syncs.ts';
import { parsePayload } from './payloads.ts';
import { watchConsents } from './watch-consents.ts';
import { runSyncTask } from './tasks/run-sync.ts';

interface WorkerOptions {
  readonly context: ActionContext;
  readonly databaseUrl: string;
  /** How many jobs this process works on at the same time. */
  readonly concurrency: number;
  /** How long the log keeps events. */
  readonly eventRetentionDays?: number;
  readonly log: Log;
}

export interface RunningWorker {
  /** Takes no new job, hands running syncs back between two commits, and ends. */
  stop(): Promise<void>;
}

/** How often an idle worker looks for jobs; it is woken at once for new ones. */
const pollMilliseconds = 2_000;

/** Starts to work on jobs, and to queue due syncs each minute. The schema of the job engine must be there. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { context, databaseUrl, concurrency, eventRetentionDays = 400, log } = options;
  const stopping = new AbortController();
  const taskList: TaskList = {
    'run-sync': (payload) => runSyncTask(context, parsePayload('run-sync', payload), stopping.signal),
    'apply-category-rules': (payload) =>
      applyCategoryRules(context, parsePayload('apply-category-rules', payload), stopping.signal),
    'revoke-consent': (payload, { job }) =>
      endConsentAtBank(context, parsePayload('revoke-consent', payload), job.max_attempts - job.attempts),
    'enqueue-due-syncs': async () => {
      await enqueueDueSyncs(context);
    },
    'watch-consents': async () => {
      const watched = await watchConsents(context);
      if (watched.reminded + watched.abandoned > 0) context.log.info({ ...watched }, 'Consents were looked after.');
    },
    'clean-up': async () => {
      const cleaned = await cleanUp(context, { eventDays: eventRetentionDays });
      context.log.info({ ...cleaned }, 'What had expired was deleted.');
    },
    'tend-log': async () => {
      await tendLog(context);
    },
    'forget-old-deliveries': async () => {
      await forgetOldDeliveries(context);
    },
  };
  const runner = await run({
    connectionString: databaseUrl,
    concurrency,
    maxPoolSize: concurrency + 2,
    pollInterval: pollMilliseconds,
    noHandleSignals: true,
    logger: engineLogger(log),
    taskList,
    parsedCronItems: parseCronItems([
      { task: 'enqueue-due-syncs', match: '* * * * *' },
      { task: 'watch-consents', match: '* * * * *' },
      { task: 'clean-up', match: '17 * * * *' },
      { task: 'tend-log', match: '47 * * * *' },
      { task: 'forget-old-deliveries', match: '*/10 * * * *' },
    ]),
  });
  return {
    async stop() {
      stopping.abort(new Error('The worker stops.'));
      await runner.stop();
      await runner.promise;
    },
  };
}
