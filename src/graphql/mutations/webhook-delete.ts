import { deleteWebhook } from '../../actions/delete-webhook.ts';
import { builder } from '../builder.ts';
import { globalId, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';

const input = builder.inputType('WebhookDeleteInput', {
  description: 'The webhook to delete.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the webhook.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ webhookId: string }>('WebhookDeletePayload').implement({
  description: 'The webhook is deleted.',
  fields: (t) => ({
    deletedWebhookId: t.id({
      description: 'The id that the webhook had.',
      resolve: ({ webhookId }) => globalId('Webhook', webhookId),
    }),
  }),
});

builder.mutationField('webhookDelete', (t) =>
  t.field({
    type: resultType('WebhookDeleteResult', payload),
    authScopes: { permission: 'webhooks_manage' },
    description:
      'Deletes an endpoint with its secrets and its log of deliveries. ' +
      'Scope: webhooks_manage. Emits: webhook.deleted.',
    args: { input: t.arg({ type: input, required: true, description: 'The webhook to delete.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'webhookDelete', input: args.input }, async () => {
        const webhookId = readInputId('Webhook', args.input.id, 'id');
        await deleteWebhook(context.actions, scopeOfViewer(context), webhookId);
        return { webhookId };
      }),
  }),
);
