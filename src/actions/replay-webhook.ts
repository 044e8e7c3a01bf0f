import { invalidInput, notFound } from '../domain/failure.ts';
import { scopeOfOwner, type Scope } from '../domain/viewer.ts';
import type { EventId, WebhookId } from '../kernel/id.ts';
import { cursorBefore } from '../store/log-distance.ts';
import { insertDeliveries, selectReplay } from '../store/webhook-replays.ts';
import { findWebhook } from '../store/webhooks.ts';
import type { ActionContext } from './context.ts';

/** Which events to send again; every condition that is given must hold, and one must be. */
interface ReplayInput {
  readonly eventIds: readonly EventId[] | null;
  /** Events that happened at this time or later. */
  readonly from: Date | null;
  /** Events that happened before this time. */
  readonly until: Date | null;
  /** Only those whose delivery has failed for good. */
  readonly isFailedOnly: boolean;
}

const replayedMax = 1000;

/**
 * Sends an endpoint events again, with the same ids and bodies, as deliveries of their own. Of what is named, it sends
 * what the endpoint's filter wants. What is asked of an endpoint that is disabled or paused waits until it is served
 * again. Gives how many. Failures: NOT_FOUND; VALIDATION_FAILED when nothing is named, no time lies between the two that
 * are, or more than 1000 events are.
 */
export async function replayWebhook(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  scope: Scope,
  id: WebhookId,
  { eventIds, from, until, isFailedOnly }: ReplayInput,
): Promise<number> {
  const webhook = await findWebhook(scope, database.db, id);
  if (!webhook) throw notFound('webhook');
  if (!eventIds && !from && !until && !isFailedOnly) {
    throw invalidInput([
      { path: [], message: 'Name events, a time or the failures: nothing says what to send again.' },
    ]);
  }
  if (from && until && until <= from) {
    throw invalidInput([{ path: ['occurredUntilAt'], message: 'Must be later than occurredFromAt.' }]);
  }
  const owner = scopeOfOwner(webhook);
  const selection = {
    ...(eventIds ? { eventIds } : {}),
    ...(from ? { after: await cursorBefore(database, owner, from) } : {}),
    ...(until ? { upTo: await cursorBefore(database, owner, until) } : {}),
    types: webhook.types,
    isFailedOnly,
    limit: replayedMax + 1,
  };
  return database.db.transaction(async (tx) => {
    const replayed = await selectReplay(owner, tx, webhook, selection);
    if (replayed.length > replayedMax) {
      const message = `More than ${replayedMax} events: narrow the time, and send the rest afterwards.`;
      throw invalidInput([{ path: ['occurredUntilAt'], message }]);
    }
    await insertDeliveries(tx, webhook, 'REPLAY', replayed, clock.now());
    return replayed.length;
  });
}
