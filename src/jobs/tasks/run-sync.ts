import type { ActionContext } from '../../actions/context.ts';
import { scopeOfRow } from '../../domain/viewer.ts';
import type { TaskPayloads } from '../../store/jobs.ts';
import { runSync } from '../../sync/run-sync.ts';

/**
 * Works on a sync. A sync that another worker holds, or that has ended, is no error: the job is done then. One whose
 * lease runs out later is taken up by the schedule, not by a retry of this job.
 */
export async function runSyncTask(
  context: ActionContext,
  { syncId, ...owner }: TaskPayloads['run-sync'],
  signal: AbortSignal,
): Promise<void> {
  const result = await runSync(context, scopeOfRow(owner), syncId, signal);
  context.log.info({ syncId, result }, 'A worker is done with a sync.');
}
