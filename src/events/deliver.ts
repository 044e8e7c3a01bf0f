import { randomUUID } from 'node:crypto';
import { nextAttemptAt } from '../domain/webhook.ts';
import type { LogEntry } from '../domain/event.ts';
import type { Scope } from '../domain/viewer.ts';
import type { Clock } from '../kernel/clock.ts';
import type { DeliveryId, EventId, WebhookId } from '../kernel/id.ts';
import type { Database } from '../store/database.ts';
import { previousEvents } from '../store/log-previous.ts';
import { findEvents, readLog } from '../store/log-reader.ts';
import { claimDeliveries, type ClaimedDelivery } from '../store/webhook-deliveries.ts';
import { recordOutcomes, type DeliveryOutcome } from '../store/webhook-outcomes.ts';
import { findWebhook, placeOfWebhook, type WebhookRow } from '../store/webhooks.ts';
import { disableFailing } from './disable-webhook.ts';
import { tellOfLoss } from './tell-of-loss.ts';
import { openWebhookKeys, type HouseVault, type OpenedWebhook } from './webhook-keys.ts';
import type { WebhookSender } from './webhook-sender.ts';
import { publicId, toWireEvent } from './wire-event.ts';

/** What a round needs from outside. */
export interface DeliveryContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly vault: HouseVault;
  readonly sender: WebhookSender;
  /** From 0 to 1, for the jitter of retries. */
  readonly random: () => number;
}

/** IDLE: nothing is left to do now. HELD: events wait behind a transaction that still runs. WORKED: look again. */
export type RoundResult = 'IDLE' | 'HELD' | 'WORKED';

/** How many rounds of an endpoint one worker has under way: while one is sent, the next is taken. */
export const roundsAtOnce = 2;
/** How many deliveries one round takes, so that its statements are paid by many; fewer where they may all fail. */
const batchMax = 128;
const failingBatchMax = 16;
/** How many requests one round has under way at once. */
const requestsAtOnceMax = 16;
/** A round starts no request later than this after it began. */
const sendingMilliseconds = 60_000;
/** Longer than a round takes: who holds a delivery for longer is dead. */
export const leaseMilliseconds = 2 * sendingMilliseconds;

/** What a round has begun. */
export interface Round {
  readonly result: RoundResult;
  /** Sends what was taken and writes down how it went; null when nothing was taken. */
  readonly finish: (() => Promise<void>) | null;
}

/**
 * One round for one endpoint: it takes the next events and what is due, sends, and writes down how it went. Rounds of
 * several workers at once share the endpoint's deliveries. What is sent and not written down is sent again, with the
 * same id: at least once.
 */
export async function deliverRound(context: DeliveryContext, scope: Scope, id: WebhookId): Promise<RoundResult> {
  const { result, finish } = await beginRound(context, scope, id);
  await finish?.();
  return result;
}

/** The first half of a round: while it is being finished, the next may begin. */
export async function beginRound(context: DeliveryContext, scope: Scope, id: WebhookId): Promise<Round> {
  const { database, clock } = context;
  const webhook = await findWebhook(scope, database.db, id);
  if (!webhook) return { result: 'IDLE', finish: null };
  const page = await nextEvents(database, scope, webhook);
  const now = clock.now();
  const token = randomUUID();
  const isFailing = webhook.consecutiveFailures > 0;
  const options = {
    now,
    token,
    leasedUntil: new Date(now.getTime() + leaseMilliseconds),
    inFlightMax: isFailing ? failingBatchMax : roundsAtOnce * batchMax,
  };
  let claimed = await claimDeliveries(scope, database, id, { ...options, handOut: page.handOut });
  const isLossFound = claimed === 'EVENTS_LOST';
  if (isLossFound) {
    await tellOfLoss(database, scope, id, now);
    // That goes out with what was due before; what follows it is left to the next round.
    claimed = await claimDeliveries(scope, database, id, { ...options, handOut: null });
  }
  if (typeof claimed === 'string') return { result: 'IDLE', finish: null };
  if (claimed.length > 0) {
    const known = page.handOut?.events ?? [];
    const taken = claimed;
    return { result: 'WORKED', finish: () => send(context, scope, webhook, token, taken, known) };
  }
  if (isLossFound) return { result: 'WORKED', finish: null };
  // Events that wait though none was taken: others have as many under way as there may be.
  const isFull = page.handOut !== null && page.handOut.events.length > 0;
  if (page.hasMore) return { result: isFull ? 'HELD' : 'WORKED', finish: null };
  return { result: page.isHeld ? 'HELD' : 'IDLE', finish: null };
}

async function nextEvents(database: Database, scope: Scope, webhook: WebhookRow) {
  if (webhook.status === 'DISABLED') return { handOut: null, hasMore: false, isHeld: false };
  const after = placeOfWebhook(webhook);
  const { events, hasMore, isHeld } = await readLog(database, scope, { after, limit: batchMax });
  const isWanted = (event: LogEntry) =>
    !isTestOf(webhook, event) &&
    (webhook.types.length === 0 || (event.type !== 'unknown' && webhook.types.includes(event.type)));
  const upTo = events.at(-1)?.cursor;
  return { handOut: upTo ? { after, upTo, events: events.filter(isWanted) } : null, hasMore, isHeld };
}

/** A test of this very endpoint, which has its delivery from the beginning. */
function isTestOf({ id }: WebhookRow, event: LogEntry): boolean {
  return event.type === 'webhook.tested' && event.facts.webhookId === id;
}

/** The events of the deliveries, and the one before each; what was just read of the log is not read again. */
async function eventsOf(
  database: Database,
  scope: Scope,
  webhook: WebhookRow,
  claimed: readonly ClaimedDelivery[],
  known: readonly LogEntry[],
) {
  const byId = new Map(known.map((event) => [event.id, event]));
  const missing = claimed.filter(({ eventId }) => !byId.has(eventId)).map(({ eventId }) => eventId);
  for (const event of await findEvents(database, scope, missing)) if (event) byId.set(event.id, event);
  const previous = new Map<EventId, EventId>();
  const latest = new Map<string, EventId>();
  // Between two events of one page there is no third that is wanted.
  for (const { id, userId, clientId } of known) {
    const before = latest.get(userId ?? clientId);
    if (before) previous.set(id, before);
    latest.set(userId ?? clientId, id);
  }
  const asked = claimed.flatMap(({ eventId }) => (previous.has(eventId) ? [] : (byId.get(eventId) ?? [])));
  for (const [id, before] of await previousEvents(database, asked, webhook)) previous.set(id, before);
  return { byId, previous };
}

async function send(
  context: DeliveryContext,
  scope: Scope,
  webhook: WebhookRow,
  token: string,
  claimed: readonly ClaimedDelivery[],
  known: readonly LogEntry[],
): Promise<void> {
  const { database, clock, vault } = context;
  const opened = openWebhookKeys(vault, webhook, clock.now());
  const { byId, previous } = await eventsOf(database, scope, webhook, claimed, known);
  const attempted: DeliveryOutcome[] = [];
  const released: DeliveryId[] = [];

  const startedAt = clock.now().getTime();

  async function attempt(delivery: ClaimedDelivery): Promise<DeliveryOutcome> {
    const event = byId.get(delivery.eventId);
    const body = event ? bodyOf(event, previous.get(event.id) ?? null) : null;
    const outcome = await attemptOne(context, webhook, opened, delivery, body);
    attempted.push(outcome);
    return outcome;
  }

  /** One after another; where the order counts, behind one that is to be tried again nothing is sent. */
  async function attemptInOrder(group: readonly ClaimedDelivery[]): Promise<void> {
    for (const [index, delivery] of group.entries()) {
      const isLate = clock.now().getTime() - startedAt > sendingMilliseconds;
      // oxlint-disable-next-line no-await-in-loop -- each waits for the one before: that is the order
      if (!isLate && (await attempt(delivery)).status !== 'PENDING') continue;
      released.push(...group.slice(isLate ? index : index + 1).map((each) => each.id));
      return;
    }
  }

  const isOrdered = webhook.isOrdered;
  const groups = Map.groupBy(claimed, ({ id, kind, streamId }) => (isOrdered ? `${kind} ${streamId}` : id)).values();
  // The workers share one iterator: each takes the next group when it is done with its own.
  async function work(): Promise<void> {
    for (const group of groups) {
      // oxlint-disable-next-line no-await-in-loop -- so many workers are so many requests at once
      await attemptInOrder(group);
    }
  }
  await Promise.all(Array.from({ length: requestsAtOnceMax }, work));
  const now = clock.now();
  const health = await recordOutcomes(scope, database, webhook.id, { token, now, attempted, released });
  const isGone = attempted.some(({ result }) => result.statusCode === 410);
  if (health) await disableFailing(database, scope, webhook.id, { health, isGone, now });
}

/** The bytes that are signed and sent: the same for every attempt. */
function bodyOf(event: LogEntry, previousEventId: string | null): string {
  return JSON.stringify({
    ...toWireEvent(event),
    previousEventId: previousEventId && publicId('Event', previousEventId),
  });
}

async function attemptOne(
  { clock, sender, random }: DeliveryContext,
  webhook: WebhookRow,
  { sign, certificate }: OpenedWebhook,
  delivery: ClaimedDelivery,
  body: string | null,
): Promise<DeliveryOutcome> {
  const number = delivery.attempts + 1;
  const startedAt = clock.now();
  const common = { id: delivery.id, streamId: delivery.streamId, number, startedAt };
  if (body === null) {
    const snippet = 'The log no longer keeps this event.';
    const result = {
      outcome: 'STATUS_REFUSED',
      statusCode: null,
      responseMilliseconds: 0,
      snippet,
      retryAt: null,
    } as const;
    return { ...common, result, status: 'FAILED', nextAttemptAt: null };
  }
  const id = publicId('Event', delivery.eventId);
  const timestampSeconds = Math.floor(startedAt.getTime() / 1000);
  const result = await sender.post({
    url: webhook.url,
    body,
    certificate,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': await sign(id, timestampSeconds, body),
    },
  });
  if (result.outcome === 'SUCCEEDED') return { ...common, result, status: 'SUCCEEDED', nextAttemptAt: null };
  // A test is for a person who is looking: it is not repeated behind his back.
  const next = delivery.kind === 'TEST' ? null : nextAttemptAt(clock.now(), number, random(), result.retryAt);
  return { ...common, result, status: next ? 'PENDING' : 'FAILED', nextAttemptAt: next };
}
