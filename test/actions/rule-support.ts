import { applyCategoryRules } from '../../src/actions/apply-category-rules.ts';
import type { ActionContext } from '../../src/actions/context.ts';
import { parsePayload } from '../../src/jobs/payloads.ts';

/** Does the waiting jobs of rules, as a worker would, also those that they leave; gives how many there were. */
export async function applyRuleJobs(context: Pick<ActionContext, 'database' | 'clock'>): Promise<number> {
  let done = 0;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one job after another
    const [job] = await context.database.sql<{ id: string; payload: unknown }[]>`
      select private_jobs.id, private_jobs.payload from graphile_worker._private_jobs as private_jobs
      join graphile_worker.jobs on jobs.id = private_jobs.id
      where jobs.task_identifier = 'apply-category-rules' order by private_jobs.id limit 1`;
    if (!job) return done;
    const payload = parsePayload('apply-category-rules', job.payload);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await applyCategoryRules(context, payload, new AbortController().signal);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await context.database.sql`delete from graphile_worker._private_jobs where id = ${job.id}`;
    done += 1;
  }
}
