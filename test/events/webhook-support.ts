import type { ActionContext } from '../../src/actions/context.ts';
import { createWebhook } from '../../src/actions/create-webhook.ts';
import { scopeOf, type Scope, type UserScope } from '../../src/domain/viewer.ts';
import type { Resolve } from '../../src/events/address-guard.ts';
import { deliverRound, type DeliveryContext } from '../../src/events/deliver.ts';
import { createWebhookSender, type WebhookSenderOptions } from '../../src/events/webhook-sender.ts';
import { manualClock, type ManualClock } from '../../src/kernel/clock.ts';
import type { ClientId, WebhookId } from '../../src/kernel/id.ts';
import { readLog } from '../../src/store/log-reader.ts';
import { findDueWebhooks } from '../../src/store/webhooks.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { houseContext } from '../support/house-context.ts';
import { openReceiver, type Receiver } from '../support/receiver.ts';
import { makeClient, makeUser } from './log-support.ts';

export function clientScope(clientId: ClientId): Scope {
  return scopeOf({ kind: 'client', clientId, permissions: new Set() })!;
}

/** A client with a user, and the delivery of webhooks in the test's own hands and time. */
export interface DeliveryHouse {
  readonly database: TestDatabase;
  readonly clock: ManualClock;
  readonly actions: ActionContext;
  readonly delivery: DeliveryContext;
  readonly client: Scope;
  readonly user: UserScope;
  /** Delivers until nothing is due at this moment of the clock. */
  deliver(): Promise<void>;
}

export async function deliveryHouse(
  options: { maxConnections?: number; sender?: Partial<WebhookSenderOptions>; resolve?: Resolve; now?: Date } = {},
): Promise<DeliveryHouse> {
  const database = await testDatabase({ maxConnections: options.maxConnections ?? 5 });
  // Today if not told, because the library that verifies signatures looks at the machine's clock.
  const clock = manualClock(options.now ?? new Date());
  const actions = await houseContext({ database, clock, isLoopbackAllowed: true });
  const sender = createWebhookSender({ clock, isLoopbackAllowed: true, ...options.sender });
  const delivery = { database, clock, vault: actions.vault, sender, random: () => 0 };
  const clientId = await makeClient(database);
  return {
    database,
    clock,
    actions,
    delivery,
    client: clientScope(clientId),
    user: await makeUser(database, clientId),
    deliver: () => deliverDue(delivery),
  };
}

export async function deliverDue(delivery: DeliveryContext): Promise<void> {
  const { database, clock } = delivery;
  for (;;) {
    const due = await findDueWebhooks(database, clock.now(), { limit: 100 });
    if (due.length === 0) return;
    await Promise.all(due.map(({ scope, id }) => deliverUntilIdle(delivery, scope, id)));
  }
}

export async function deliverUntilIdle(delivery: DeliveryContext, scope: Scope, id: WebhookId): Promise<void> {
  while ((await deliverRound(delivery, scope, id)) !== 'IDLE');
}

interface HookOptions {
  readonly isOrdered?: boolean;
  readonly types?: Parameters<typeof createWebhook>[2]['types'];
  readonly scope?: Scope;
  readonly url?: string;
}

/** A receiver with its endpoint, which has taken the event that it was added. */
export async function hooked(house: DeliveryHouse, options: HookOptions = {}) {
  const receiver = await openReceiver();
  const { id, secret } = await createWebhook(house.actions, options.scope ?? house.client, {
    url: options.url ?? receiver.url,
    types: options.types ?? [],
    isOrdered: options.isOrdered ?? false,
    after: null,
  });
  await house.deliver();
  receiver.received.length = 0;
  return { receiver, id, secret };
}

/** The marks that a receiver was sent, in order. */
export function marksOf({ received }: Receiver): string[] {
  return received.map(({ event }) => {
    const { changed } = event.data;
    return event.type === 'account.updated' && Array.isArray(changed) ? changed.join(',') : event.type;
  });
}

/** Every event of a scope, in the order of the log. */
export async function wholeLog(database: TestDatabase, scope: Scope) {
  for (;;) {
    const page = await readLog(database, scope, { after: null, limit: 10_000 });
    if (!page.isHeld) return page.events;
  }
}
