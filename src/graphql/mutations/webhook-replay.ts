import { replayWebhook } from '../../actions/replay-webhook.ts';
import { invalidInput } from '../../domain/failure.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { webhookType } from '../types/webhook.ts';

const eventIdsMax = 100;

const input = builder.inputType('WebhookReplayInput', {
  description: 'Which events to send again, at most 1000: those that meet every condition.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the webhook.' }),
    eventIds: t.idList({ description: 'Only these events, at most 100.' }),
    occurredFromAt: t.field({ type: 'DateTime', description: 'Only what happened at this time or later.' }),
    occurredUntilAt: t.field({
      type: 'DateTime',
      description: 'Only what happened before this time, which must be later than `occurredFromAt`.',
    }),
    isFailedOnly: t.boolean({ description: 'Only what could not be delivered, whatever was tried.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ webhookId: string; eventCount: string }>('WebhookReplayPayload').implement({
  description:
    'Each of the events has one more delivery: on its way at once, or, while the endpoint is disabled or paused, as soon as ' +
    'it is served again.',
  fields: (t) => ({
    eventCount: t.int({
      description: 'How many events have one more delivery; 0 when none meets every condition and the filter.',
      resolve: ({ eventCount }) => Number(eventCount),
    }),
    webhook: t.drizzleField({
      type: webhookType,
      nullable: true,
      description:
        'The webhook, whose `isEnabled` and `pausedUntilAt` say whether it is served; null when a repeated request finds ' +
        'it deleted since.',
      resolve: (query, { webhookId }, _args, { db, viewer }) =>
        db.query.webhooks.findFirst(query({ where: scoped(viewer, { id: keptId('webhook', webhookId) }) })),
    }),
  }),
});

builder.mutationField('webhookReplay', (t) =>
  t.field({
    type: resultType('WebhookReplayResult', payload),
    authScopes: { permission: 'webhooks_manage' },
    description:
      'Sends events again, with the ids that they had: named ones, those of a time, or those that failed. An endpoint that ' +
      'is disabled gets them once it is enabled. ' +
      'Scope: webhooks_manage. Emits: nothing. What is sent has happened before.',
    args: {
      input: t.arg({
        type: input,
        required: true,
        description: 'Which events to send again, at most 1000: those that meet every condition.',
      }),
    },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'webhookReplay', input: args.input }, async () => {
        const { id, eventIds, occurredFromAt, occurredUntilAt, isFailedOnly } = args.input;
        const webhookId = readInputId('Webhook', id, 'id');
        if (eventIds && eventIds.length > eventIdsMax) {
          throw invalidInput([{ path: ['eventIds'], message: `At most ${eventIdsMax} at once.` }]);
        }
        const eventCount = await replayWebhook(context.actions, scopeOfViewer(context), webhookId, {
          eventIds: eventIds?.map((text) => readInputId('Event', text, 'eventIds')) ?? null,
          from: occurredFromAt ?? null,
          until: occurredUntilAt ?? null,
          isFailedOnly: isFailedOnly ?? false,
        });
        return { webhookId, eventCount: String(eventCount) };
      }),
  }),
);
