import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Scope } from '../domain/viewer.ts';
import { healthAfter, type AttemptResult, type DeliveryStatus, type EndpointHealth } from '../domain/webhook.ts';
import type { ClientId, DeliveryId, UserId, WebhookId } from '../kernel/id.ts';
import type { Database, Tx } from './database.ts';
import { webhookDeliveries, webhooks } from './schema/webhooks.ts';
import { lockWebhook, type WebhookRow } from './webhooks.ts';

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
    const webhook = await lockWebhook(scope, tx, id);
    if (!webhook) return null;
    await release(tx, id, ended);
    if (ended.attempted.length === 0) return webhook;
    const round = { ...ended, attempted: await writeDown(tx, webhook, ended) };
    if (round.attempted.length === 0) return webhook;
    if (webhook.isOrdered) await holdBack(tx, id, round.attempted);
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

/**
 * Writes down the deliveries that this round still holds, and every attempt, in one statement. Gives the outcomes of all
 * but the deliveries that were deleted with their user meanwhile; the lock of the endpoint's row keeps the others. The
 * limit makes PostgreSQL look each up by its id; by the endpoint it would read all that this one was ever sent.
 */
async function writeDown(
  tx: Tx,
  { id, clientId, userId }: Pick<WebhookRow, 'id' | 'clientId' | 'userId'>,
  { token, now, attempted }: RoundOutcome,
): Promise<readonly DeliveryOutcome[]> {
  const rows = attempted.map(({ id: deliveryId, number, startedAt, result, status, nextAttemptAt }) => ({
    id: deliveryId,
    number,
    started_at: startedAt.toISOString(),
    outcome: result.outcome,
    status_code: result.statusCode,
    response_milliseconds: result.responseMilliseconds,
    snippet: result.snippet,
    status,
    next_attempt_at: nextAttemptAt?.toISOString() ?? null,
    finished_at: nextAttemptAt ? null : now.toISOString(),
  }));
  const kept = await tx.execute<{ id: DeliveryId }>(sql`
    with ended as materialized (
      select given.* from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
        as given (id text collate "C", number int, started_at timestamptz, outcome text, status_code int,
                  response_milliseconds int, snippet text, status text, next_attempt_at timestamptz,
                  finished_at timestamptz)
      cross join lateral (
        select webhook_id from webhook_deliveries as delivery where delivery.id = given.id limit 1
      ) as delivery
      where delivery.webhook_id = ${id}
    ), updated as (
      update webhook_deliveries as delivery
      set status = ended.status, attempts = ended.number, next_attempt_at = ended.next_attempt_at,
          finished_at = ended.finished_at, lease_token = null, leased_until = null
      from ended where delivery.id = ended.id and delivery.lease_token = ${token}
    ), added as (
      insert into webhook_attempts (delivery_id, client_id, user_id, number, started_at, outcome, status_code,
                                    response_milliseconds, snippet)
      select id, ${clientId}, ${userId}::text, number, started_at, outcome, status_code, response_milliseconds, snippet
      from ended on conflict do nothing
    )
    select id from ended`);
  const ids = new Set(kept.map((row) => row.id));
  return attempted.filter((attempt) => ids.has(attempt.id));
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
