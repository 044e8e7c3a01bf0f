import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { loadEvent } from '../logged-events.ts';
import { eventInterface } from './event.ts';
import { attemptOutcomeEnum, deliveryKindEnum, deliveryStatusEnum } from './webhook-enums.ts';

builder.drizzleObject('webhookAttempts', {
  name: 'WebhookAttempt',
  description: 'One request to an endpoint, and what came of it.',
  select: { columns: { deliveryId: true, number: true } },
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'The first is 1.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it was sent.' }),
    outcome: t.expose('outcome', { type: attemptOutcomeEnum, description: 'How it ended.' }),
    statusCode: t.exposeInt('statusCode', { nullable: true, description: 'The HTTP status, if there was an answer.' }),
    responseMilliseconds: t.exposeInt('responseMilliseconds', {
      description: 'How long the answer, or the failure, took.',
    }),
    snippet: t.exposeString('snippet', {
      nullable: true,
      description: 'The first 1024 characters of the answer, or what went wrong.',
    }),
  }),
});

export const deliveryType = builder.drizzleObject('webhookDeliveries', {
  name: 'WebhookDelivery',
  description: 'One event on its way to one endpoint, with every attempt.',
  select: { columns: { id: true, clientId: true, eventId: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the delivery.', resolve: ({ id }) => globalId('WebhookDelivery', id) }),
    kind: t.expose('kind', { type: deliveryKindEnum, description: 'Why it is sent.' }),
    status: t.expose('status', { type: deliveryStatusEnum, description: 'Where it stands.' }),
    attemptCount: t.int({
      description: 'How often it was tried.',
      select: { columns: { attempts: true } },
      resolve: ({ attempts }) => attempts,
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it is tried next, at the earliest; null once it has ended.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was handed out.' }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null before.',
    }),
    event: t.field({
      type: eventInterface,
      nullable: true,
      authScopes: { permission: 'events_read' },
      description: 'What is sent; null when the log no longer keeps it. Scope: events_read.',
      resolve: ({ eventId }, _args, context) => loadEvent(context, eventId),
    }),
    attempts: t.relation('attemptLog', {
      description: 'Every attempt so far, the first first.',
      query: { orderBy: { number: 'asc' } },
    }),
  }),
});

export const deliveryPage = builder.connectionObject(
  { type: deliveryType, name: 'WebhookDeliveryConnection', description: 'One page of deliveries.' },
  { description: 'A delivery and its place in the list.' },
);
