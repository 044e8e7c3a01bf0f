import { bulkhead } from 'cockatiel';
import type { Scope } from '../domain/viewer.ts';
import { beginRound, roundsAtOnce, type DeliveryContext } from '../events/deliver.ts';
import { createWebhookSender } from '../events/webhook-sender.ts';
import type { ActionContext } from '../actions/context.ts';
import type { ClientId, WebhookId } from '../kernel/id.ts';
import { millisecondsPerDay } from '../kernel/clock.ts';
import { listenForWakes } from '../store/log-wake.ts';
import { pruneDeliveries } from '../store/webhook-deliveries.ts';
import { findDueWebhooks, type DueWebhook } from '../store/webhooks.ts';

interface DeliveryOptions {
  /** How long a wake-up that nobody heard, or a retry that has come due, may stay unnoticed. */
  readonly pollMilliseconds?: number;
}

/** How many endpoints are worked on at once; as many again that fail, so that those never wait for these. */
const endpointsMax = 64;
const webhooksPerLook = 1000;
// A client's stream waits behind running transactions; they are short, and their end wakes nobody.
const heldRetryMilliseconds = 20;
const keptDays = 30;
const prunedPerRun = 10_000;

/**
 * Delivers webhooks until it is stopped: woken by the log, and by looking around every second for what nobody told of.
 * What one process does not get to, or dies with, another finds in the database. Ends when the requests under way have.
 */
export async function startDelivery(
  context: ActionContext,
  { pollMilliseconds = 1000 }: DeliveryOptions = {},
): Promise<{ stop(): Promise<void> }> {
  const { database, clock, vault, log } = context;
  const sender = createWebhookSender({ clock, isLoopbackAllowed: context.isLoopbackAllowed ?? false });
  const delivery: DeliveryContext = { database, clock, vault, sender, random: Math.random };
  const lanes = { healthy: bulkhead(endpointsMax, Infinity), failing: bulkhead(endpointsMax, Infinity) };
  const running = new Map<WebhookId, Promise<void>>();
  // A wake-up that came while its endpoint was at work: it looks once more.
  const missed = new Set<WebhookId>();
  const moved = new Set<ClientId>();
  let looking: Promise<void> | null = null;
  let isStopped = false;
  let timer: NodeJS.Timeout;

  async function work({ id, scope }: DueWebhook): Promise<void> {
    try {
      await workUntilIdle(id, scope);
    } catch (error) {
      log.error({ err: error, webhookId: id }, 'A round of deliveries failed; it is tried again.');
    }
  }

  async function workUntilIdle(id: WebhookId, scope: Scope): Promise<void> {
    const sending: Promise<void>[] = [];
    try {
      while (!isStopped) {
        missed.delete(id);
        // oxlint-disable-next-line no-await-in-loop -- each round begins where the one before has begun
        const { result, finish } = await beginRound(delivery, scope, id);
        if (finish) {
          const round = finish();
          // Its failure is met where it is waited for, which may be later.
          round.catch(() => {});
          sending.push(round);
        }
        // What is taken while another round is sent need not wait for the database; more would be too many requests.
        const isEnough = finish ? sending.length >= roundsAtOnce : sending.length > 0;
        // oxlint-disable-next-line no-await-in-loop -- the oldest round makes room
        if (isEnough) await sending.shift();
        else if (!finish) {
          // oxlint-disable-next-line no-await-in-loop -- the pause until others have made room, or a transaction has ended
          if (result === 'HELD') await new Promise((resolve) => setTimeout(resolve, heldRetryMilliseconds));
          else if (result === 'IDLE' && !missed.has(id)) return;
        }
      }
    } finally {
      await Promise.all(sending);
    }
  }

  function start(webhook: DueWebhook): void {
    if (running.has(webhook.id)) {
      missed.add(webhook.id);
      return;
    }
    const lane = webhook.isFailing ? lanes.failing : lanes.healthy;
    const done = lane
      .execute(() => work(webhook))
      .finally(() => {
        running.delete(webhook.id);
        if (missed.delete(webhook.id) && !isStopped) start(webhook);
      });
    running.set(webhook.id, done);
  }

  async function look(clientIds?: readonly ClientId[]): Promise<void> {
    const options = { limit: webhooksPerLook, ...(clientIds ? { clientIds } : {}) };
    for (const webhook of await findDueWebhooks(database, clock.now(), options)) start(webhook);
  }

  /** One look at a time; whatever moves meanwhile is one further look. */
  async function lookAtMoved(): Promise<void> {
    while (moved.size > 0 && !isStopped) {
      const clientIds = [...moved];
      moved.clear();
      // oxlint-disable-next-line no-await-in-loop -- each look takes what has moved since the one before
      await look(clientIds);
    }
  }

  function onMoved({ clientId }: { readonly clientId: ClientId }): void {
    moved.add(clientId);
    if (!looking && !isStopped) keepLooking();
  }

  function keepLooking(): void {
    looking = lookAtMoved()
      .catch((error: unknown) => log.warn({ err: error }, 'Webhooks could not be looked up; trying again.'))
      .finally(() => {
        looking = null;
        if (moved.size > 0 && !isStopped) keepLooking();
      });
  }

  function schedule(): void {
    if (isStopped) return;
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => log.warn({ err: error }, 'Webhooks could not be looked up; trying again.'))
        .finally(schedule);
    }, pollMilliseconds);
    timer.unref();
  }

  const listener = await listenForWakes(database, onMoved, () => {});
  schedule();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await listener.close();
      await looking;
      await Promise.all(running.values());
      await sender.close();
    },
  };
}

/** Forgets deliveries that ended a month ago, with their attempts. */
export async function forgetOldDeliveries({ database, clock }: ActionContext): Promise<number> {
  const before = new Date(clock.now().getTime() - keptDays * millisecondsPerDay);
  return pruneDeliveries(database.db, before, prunedPerRun);
}
