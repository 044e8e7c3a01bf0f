import { sql } from 'drizzle-orm';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { CategoryRuleId, ClientId, ConsentId, SyncId, UserId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';

/**
 * The payload of every background task, by its name. Payloads carry ids, because the rows are the truth. The one
 * exception is `revoke-consent`: its rows are erased in the transaction that enqueues it, so it carries what the bank
 * must be told, with the session sealed for the house (base64url) and bound to `revocationSealContext(consentId)`.
 */
export interface TaskPayloads {
  'run-sync': { syncId: SyncId; userId: UserId; clientId: ClientId };
  /** Of one user, or of all users of the client with an id above `afterUserId`. */
  'apply-category-rules': {
    clientId: ClientId;
    userId: UserId | null;
    afterUserId: UserId | null;
    /** The rule that came or went; it names the run, for what holds is what the rows say. */
    ruleId: CategoryRuleId;
  };
  'revoke-consent': {
    consentId: ConsentId;
    dialect: string;
    endpoint: { baseUrl: string; timeZone: string; quirks: Record<string, unknown> };
    sealedSession: string;
  };
}
export type TaskName = keyof TaskPayloads;

interface EnqueueOptions {
  readonly runAt?: Date;
  /** Jobs with the same key are one job. */
  readonly jobKey?: string;
  /** Moves a job with the same key that waits for its time to this one; otherwise that job keeps its time. */
  readonly isMoved?: boolean;
  readonly maxAttempts?: number;
}

/** The key of the job that ends a consent at its bank. */
export function revocationJobKey(consentId: ConsentId): string {
  return `revoke-consent:${consentId}`;
}

/** Where the session of a revocation job belongs, for the vault. */
export function revocationSealContext(consentId: ConsentId): string {
  return `jobs.revoke_consent:${consentId}`;
}

/** Adds a job in the caller's transaction: it exists exactly when the rows that it is about do. */
export async function enqueue<Name extends TaskName>(
  tx: Tx,
  task: Name,
  payload: TaskPayloads[Name],
  options: EnqueueOptions = {},
): Promise<void> {
  await tx.execute(sql`select from graphile_worker.add_job(
    ${task},
    ${JSON.stringify(payload)}::text::json,
    run_at => ${options.runAt?.toISOString() ?? null}::timestamptz,
    max_attempts => ${options.maxAttempts ?? 25}::int,
    job_key => ${options.jobKey ?? null}::text,
    job_key_mode => ${options.isMoved ? 'replace' : 'preserve_run_at'}
  )`);
}

/** Takes back a job that waits; one that is at work, or has no such key any more, is left alone. */
export async function dequeue(tx: Tx, jobKey: string): Promise<void> {
  await tx.execute(sql`select graphile_worker.remove_job(${jobKey})`);
}

/** Adds the job that goes on after this attempt at a sync, in the caller's transaction: asking twice for one is one job. */
export async function enqueueSync(
  tx: Tx,
  { userId, clientId }: UserScope,
  { syncId, attempt }: { readonly syncId: SyncId; readonly attempt: number },
  options: Pick<EnqueueOptions, 'runAt' | 'isMoved'> = {},
): Promise<void> {
  const jobKey = `run-sync:${syncId}:${attempt}`;
  await enqueue(tx, 'run-sync', { syncId, userId, clientId }, { ...options, jobKey });
}

/**
 * The key of the job that begins to apply the rules of one owner: of many rules that come at once, the last one's job
 * does for all. What it hands on has a key of its own (`categoryRulesRunKey`), lest a newer beginning be lost to it.
 */
export function categoryRulesJobKey({ userId, clientId }: Scope): string {
  return `apply-category-rules:${userId ?? clientId}`;
}

/** The key of the job that goes on with the run that this rule began. */
export function categoryRulesRunKey(ruleId: CategoryRuleId): string {
  return `apply-category-rules:${ruleId}`;
}

/**
 * Frees jobs whose worker died: the job engine would keep them locked for hours. A lock this old is no living
 * worker's, except one of a sync that still extends its lease, which is left alone. Freeing a job whose worker lives
 * after all would do no harm either: a second runner finds the lease held, and a revocation may be sent twice.
 */
export async function unlockAbandonedJobs(database: Database, lockedBefore: Date, now: Date): Promise<number> {
  const rows = await database.db.execute<{ worker: string }>(sql`
    select distinct jobs.locked_by as worker
    from graphile_worker.jobs
    where jobs.locked_by is not null
      and jobs.locked_at < ${lockedBefore.toISOString()}::timestamptz
      and not exists (
        select from syncs
        where syncs.id = split_part(jobs.key, ':', 2)
          and syncs.status = 'RUNNING'
          and syncs.lease_expires_at > ${now.toISOString()}::timestamptz
      )`);
  const workers = rows.map((row) => row.worker);
  if (workers.length === 0) return 0;
  await database.db.execute(
    sql`select graphile_worker.force_unlock_workers(array(select jsonb_array_elements_text(${JSON.stringify(workers)}::text::jsonb)))`,
  );
  return workers.length;
}
