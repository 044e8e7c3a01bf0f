import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Scope } from '../domain/viewer.ts';
import { healthAfter, type AttemptResult, type DeliveryStatus, type EndpointHealth } from '../domain/webhook.ts';
import type { ClientId, DeliveryId, UserId, WebhookId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { webhookAttempts, webhookDeliveries, webhooks } from './schema/webhooks.ts';
import { inScope } from './scope.ts';

/** How one attempt at a delivery ended, and what comes next. */
export interface DeliveryOutcome {
  readonly id: DeliveryId;
  readonly streamId: UserId | ClientId;
  /** The number of this attempt, from 1. */
  readonly number: number;
  readonly startedAt: Date;
  readonly result: AttemptResult;
  readonly status: DeliveryStatus;
  /** Null when it has ended. */
  readonly nextAttemptAt: Date | null;
}

interface RoundOutcome {
  readonly token: string;
  readonly now: Date;
  readonly attempted: readonly DeliveryOutcome[];
  /** Taken but not tried; they are free again at once. */
  readonly released: readonly DeliveryId[];
}

/**
 * Writes down how a round ended, in one transaction: the deliveries, their attempts, the endpoint's health. What the
 * round has lost to another worker meanwhile, because its lease ran out, is left to that one. Gives the health.
 */
export async function recordOutcomes(
  scope: Scope,
  database: Database,
  id: WebhookId,
  ended: RoundOutcome,
): Promise<EndpointHealth | null> {
  return database.db.transaction(async (tx) => {
    const [webhook] = await tx
      .select()
      .from(webhooks)
      .where(and(eq(webhooks.id, id), inScope(webhooks, scope)))
      .for('update');
    if (!webhook) return null;
    const round = { ...ended, attempted: await withoutErased(tx, ended.attempted) };
    await release(tx, id, round);
    if (round.attempted.length === 0) return webhook;
    await updateDeliveries(tx, id, round);
    if (webhook.isOrdered) await holdBack(tx, id, round.attempted);
    await tx
      .insert(webhookAttempts)
      .values(
        round.attempted.map(({ id: deliveryId, number, startedAt, result }) => ({
          deliveryId,
          clientId: webhook.clientId,
          userId: webhook.userId,
          number,
          startedAt,
          outcome: result.outcome,
          statusCode: result.statusCode,
          responseMilliseconds: result.responseMilliseconds,
          snippet: result.snippet,
        })),
      )
      .onConflictDoNothing();
    const succeeded = round.attempted.filter((attempt) => attempt.status === 'SUCCEEDED').length;
    const health = healthAfter(webhook, round.now, { succeeded, failed: round.attempted.length - succeeded });
    const { consecutiveFailures, failingSince, circuitOpenUntil, circuitOpenings } = health;
    if (consecutiveFailures !== webhook.consecutiveFailures) {
      await tx
        .update(webhooks)
        .set({ consecutiveFailures, failingSince, circuitOpenUntil, circuitOpenings })
        .where(eq(webhooks.id, id));
    }
    return health;
  });
}

/** Without the deliveries that were deleted with their user meanwhile; the lock of the endpoint's row keeps the others. */
async function withoutErased(tx: Tx, attempted: readonly DeliveryOutcome[]): Promise<readonly DeliveryOutcome[]> {
  if (attempted.length === 0) return [];
  const ids = attempted.map((attempt) => attempt.id);
  const rows = await tx
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(inArray(webhookDeliveries.id, ids));
  const known = new Set(rows.map((row) => row.id));
  return attempted.filter((attempt) => known.has(attempt.id));
}

async function release(tx: Tx, id: WebhookId, { token, released }: RoundOutcome): Promise<void> {
  if (released.length === 0) return;
  await tx
    .update(webhookDeliveries)
    .set({ leaseToken: null, leasedUntil: null })
    .where(
      and(
        eq(webhookDeliveries.webhookId, id),
        eq(webhookDeliveries.leaseToken, token),
        inArray(webhookDeliveries.id, [...released]),
      ),
    );
}

async function updateDeliveries(tx: Tx, id: WebhookId, { token, now, attempted }: RoundOutcome): Promise<void> {
  const rows = attempted.map((attempt) => ({
    id: attempt.id,
    status: attempt.status,
    attempts: attempt.number,
    next_attempt_at: attempt.nextAttemptAt?.toISOString() ?? null,
    finished_at: attempt.nextAttemptAt ? null : now.toISOString(),
  }));
  await tx.execute(sql`
    update webhook_deliveries as delivery
    set status = ended.status, attempts = ended.attempts, next_attempt_at = ended.next_attempt_at,
      finished_at = ended.finished_at, lease_token = null, leased_until = null
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as ended(id text collate "C", status text, attempts int, next_attempt_at timestamptz, finished_at timestamptz)
    where delivery.id = ended.id and delivery.webhook_id = ${id} and delivery.lease_token = ${token}`);
}

/** At an ordered endpoint, what stands behind a failed event of the same stream waits for its next attempt. */
async function holdBack(tx: Tx, id: WebhookId, attempted: readonly DeliveryOutcome[]): Promise<void> {
  for (const failed of attempted) {
    if (!failed.nextAttemptAt) continue;
    const until = failed.nextAttemptAt.toISOString();
    // oxlint-disable-next-line no-await-in-loop -- one failed head for each stream at most
    await tx.execute(sql`
      update webhook_deliveries as later
      set next_attempt_at = ${until}::timestamptz
      from webhook_deliveries as head
      where head.id = ${failed.id}
        and later.webhook_id = ${id} and later.stream_id = head.stream_id and later.kind = head.kind
        and later.status = 'PENDING' and (later.xid, later.position) > (head.xid, head.position)
        and later.next_attempt_at < ${until}::timestamptz`);
  }
}
