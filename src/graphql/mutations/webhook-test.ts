import { testWebhook } from '../../actions/test-webhook.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { webhookType } from '../types/webhook.ts';

const input = builder.inputType('WebhookTestInput', {
  description: 'The webhook to test.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the webhook.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ webhookId: string }>('WebhookTestPayload').implement({
  description: 'The test event is in the log and on its way.',
  fields: (t) => ({
    webhook: t.drizzleField({
      type: webhookType,
      nullable: true,
      description: 'The webhook; null when a repeated request finds it deleted since.',
      resolve: (query, { webhookId }, _args, { db, viewer }) =>
        db.query.webhooks.findFirst(query({ where: scoped(viewer, { id: keptId('webhook', webhookId) }) })),
    }),
  }),
});

builder.mutationField('webhookTest', (t) =>
  t.field({
    type: resultType('WebhookTestResult', payload),
    authScopes: { permission: 'webhooks_manage' },
    description:
      'Sends an endpoint one event, also while it is disabled; see `deliveries` for what came of it. ' +
      'Scope: webhooks_manage. Emits: webhook.tested.',
    args: { input: t.arg({ type: input, required: true, description: 'The webhook to test.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'webhookTest', input: args.input }, async () => {
        const webhookId = readInputId('Webhook', args.input.id, 'id');
        await testWebhook(context.actions, scopeOfViewer(context), webhookId);
        return { webhookId };
      }),
  }),
);
