import { sql } from 'drizzle-orm';
import type { ClientId, ConsentId, SyncId, UserId } from '../kernel/id.ts';
import type { Tx } from './database.ts';

/** The payload of every background task, by its name. Payloads carry ids only: the rows are the truth. */
export interface TaskPayloads {
  'run-sync': { syncId: SyncId; userId: UserId; clientId: ClientId };
  'revoke-consent': { consentId: ConsentId; dialect: string; baseUrl: string; timeZone: string; sealed: string };
}
export type TaskName = keyof TaskPayloads;

interface EnqueueOptions {
  readonly runAt?: Date;
  /** Jobs with the same key are one job. */
  readonly jobKey?: string;
  readonly maxAttempts?: number;
}

/** Adds a job in the caller's transaction: it exists exactly when the rows that it is about do. */
export async function enqueue<Name extends TaskName>(
  tx: Tx,
  task: Name,
  payload: TaskPayloads[Name],
  options: EnqueueOptions = {},
): Promise<void> {
  await tx.execute(sql`select graphile_worker.add_job(
    ${task},
    ${JSON.stringify(payload)}::json,
    run_at => ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts => ${options.maxAttempts ?? 25}::int,
    job_key => ${options.jobKey ?? null}::text
  )`);
}
