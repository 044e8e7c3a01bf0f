import type { EventType } from '../../domain/event.ts';
import { builder } from '../builder.ts';
import { columnsOfUser, loadQueue, loadWebhook } from '../event-finders.ts';
import { eventInterfaces, eventTypeName, streamItemTypeName, type EventOf } from './event.ts';
import { queueType } from './queue.ts';
import { webhookDisabledReasonEnum } from './webhook-enums.ts';
import { webhookType } from './webhook.ts';

function eventRef<Type extends EventType>(type: Type) {
  return builder.objectRef<EventOf<Type>>(eventTypeName(type));
}

const queueEventInterface = builder.interfaceRef<EventOf<'queue.created' | 'queue.deleted'>>('QueueEvent').implement({
  description: 'An event about a queue.',
  interfaces: [...eventInterfaces],
  resolveType: streamItemTypeName,
  fields: (t) => ({
    queue: t.drizzleField({
      type: queueType,
      nullable: true,
      description: 'The queue as it is now; null once deleted.',
      resolve: (query, event, _args, context, info) =>
        loadQueue(context, info, event, event.facts.queueId, query({ columns: columnsOfUser })),
    }),
  }),
});

const queueEvents = { 'queue.created': 'A queue was made.', 'queue.deleted': 'A queue was deleted.' } as const;
for (const type of ['queue.created', 'queue.deleted'] as const) {
  eventRef(type).implement({ description: queueEvents[type], interfaces: [...eventInterfaces, queueEventInterface] });
}

type WebhookEventType = Extract<EventType, `webhook.${string}`>;

const webhookEventInterface = builder.interfaceRef<EventOf<WebhookEventType>>('WebhookEvent').implement({
  description: 'An event about a webhook.',
  interfaces: [...eventInterfaces],
  resolveType: streamItemTypeName,
  fields: (t) => ({
    webhook: t.drizzleField({
      type: webhookType,
      nullable: true,
      authScopes: { permission: 'webhooks_manage' },
      description: 'The webhook as it is now; null once deleted. Scope: webhooks_manage.',
      resolve: (query, event, _args, context, info) =>
        loadWebhook(context, info, event, event.facts.webhookId, query({ columns: columnsOfUser })),
    }),
  }),
});
const webhookEventInterfaces = [...eventInterfaces, webhookEventInterface] as const;

const plainWebhookEvents = {
  'webhook.created': 'An endpoint was added; it hears so itself where its `types` want it.',
  'webhook.secret_rotated': 'An endpoint has a new secret and a new signing key; those before hold for a day.',
  'webhook.tested': 'Somebody tests an endpoint with this event.',
  'webhook.deleted': 'An endpoint was deleted.',
} as const satisfies Partial<Record<EventType, string>>;
for (const type of ['webhook.created', 'webhook.secret_rotated', 'webhook.tested', 'webhook.deleted'] as const) {
  eventRef(type).implement({ description: plainWebhookEvents[type], interfaces: [...webhookEventInterfaces] });
}

eventRef('webhook.updated').implement({
  description: 'An endpoint was changed.',
  interfaces: [...webhookEventInterfaces],
  fields: (t) => ({
    changed: t.stringList({
      description: 'The names of the fields that changed.',
      resolve: ({ facts }) => facts.changed,
    }),
  }),
});

eventRef('webhook.disabled').implement({
  description: 'An endpoint is no longer served, because it keeps failing or is gone.',
  interfaces: [...webhookEventInterfaces],
  fields: (t) => ({
    reason: t.field({
      type: webhookDisabledReasonEnum,
      description: 'Why.',
      resolve: ({ facts }) => facts.reason,
    }),
  }),
});

eventRef('webhook.events_lost').implement({
  description:
    'An endpoint goes on behind events that it never got, because the log no longer keeps them. It gets this event before what follows, whatever it has subscribed to. Read the data anew.',
  interfaces: [...webhookEventInterfaces],
  fields: (t) => ({
    lostAfter: t.field({
      type: 'Cursor',
      description: 'Where the endpoint stood: up to here nothing is lost. As `after` it is CURSOR_EXPIRED.',
      resolve: ({ facts }) => facts.lostAfter,
    }),
    lostUpTo: t.field({
      type: 'Cursor',
      description: 'The place of the last event that is lost. `events(after:)` gives what is kept behind it.',
      resolve: ({ facts }) => facts.lostUpTo,
    }),
  }),
});
