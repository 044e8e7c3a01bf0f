import { updateWebhook } from '../../actions/update-webhook.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { eventTypeEnum } from '../types/event-type-enum.ts';
import { clientCertificateInput } from '../types/webhook-input.ts';
import { webhookType } from '../types/webhook.ts';

const input = builder.inputType('WebhookUpdateInput', {
  description: 'What to change of an endpoint; what is absent stays.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the webhook.' }),
    url: t.field({
      type: 'URL',
      description:
        'Where to post to: https, on the open internet; a sandbox also takes http and this machine. Checked again at each call.',
    }),
    description: t.string({ description: 'A note of your own, of at most 200 characters; null takes it away.' }),
    types: t.field({ type: [eventTypeEnum], description: 'Only events of these types from now on; empty for all.' }),
    isOrdered: t.boolean({ description: 'Whether the events of one user wait for each other.' }),
    isEnabled: t.boolean({
      description:
        'Whether it is served. Enabled again it goes on where it stopped, and earlier failures are forgiven.',
    }),
    clientCertificate: t.field({
      type: clientCertificateInput,
      description: 'What to show for mutual TLS; null ends it.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ webhookId: string }>('WebhookUpdatePayload').implement({
  description: 'The webhook is changed.',
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

builder.mutationField('webhookUpdate', (t) =>
  t.field({
    type: resultType('WebhookUpdateResult', payload),
    authScopes: { permission: 'webhooks_manage' },
    description: 'Changes, enables or disables an endpoint. Scope: webhooks_manage. Emits: webhook.updated.',
    args: { input: t.arg({ type: input, required: true, description: 'The webhook, and what to change.' }) },
    resolve: (_root, args, context) =>
      attempt(
        context,
        { operation: 'webhookUpdate', input: args.input, hasSecret: Boolean(args.input.clientCertificate) },
        async () => {
          const { id, url, description, types, isOrdered, isEnabled, clientCertificate } = args.input;
          const webhookId = readInputId('Webhook', id, 'id');
          await updateWebhook(context.actions, scopeOfViewer(context), webhookId, {
            ...(typeof url === 'string' ? { url } : {}),
            ...(description === undefined ? {} : { description }),
            ...(types ? { types } : {}),
            ...(typeof isOrdered === 'boolean' ? { isOrdered } : {}),
            ...(typeof isEnabled === 'boolean' ? { isEnabled } : {}),
            ...(clientCertificate === undefined ? {} : { clientCertificate }),
          });
          return { webhookId };
        },
      ),
  }),
);
