import { rotateWebhookSecret } from '../../actions/rotate-webhook-secret.ts';
import { builder } from '../builder.ts';
import { isShownFailure } from '../failures.ts';
import { readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { webhookType } from '../types/webhook.ts';

const input = builder.inputType('WebhookRotateSecretInput', {
  description: 'The webhook whose keys to replace.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the webhook.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ webhookId: string; secret: string }>('WebhookRotateSecretPayload').implement({
  description: 'The webhook has new keys.',
  fields: (t) => ({
    secret: t.string({
      nullable: true,
      description: 'The new secret (`whsec_…`). Shown this once; null in the answer to a repeated request.',
      resolve: ({ secret }) => secret || null,
    }),
    webhook: t.drizzleField({
      type: webhookType,
      nullable: true,
      description: 'The webhook; null when a repeated request finds it deleted since.',
      resolve: (query, { webhookId }, _args, { db, viewer }) =>
        db.query.webhooks.findFirst(query({ where: scoped(viewer, { id: keptId('webhook', webhookId) }) })),
    }),
  }),
});

builder.mutationField('webhookRotateSecret', (t) =>
  t.field({
    type: resultType('WebhookRotateSecretResult', payload),
    authScopes: { permission: 'webhooks_manage' },
    description:
      'Gives an endpoint a new secret and signing key; the ones before sign beside them for a day. ' +
      'Scope: webhooks_manage. Emits: webhook.secret_rotated.',
    args: { input: t.arg({ type: input, required: true, description: 'The webhook whose keys to replace.' }) },
    async resolve(_root, args, context) {
      // Kept apart from the outcome, which is stored under the idempotency key.
      let secret = '';
      const outcome = await attempt(context, { operation: 'webhookRotateSecret', input: args.input }, async () => {
        const webhookId = readInputId('Webhook', args.input.id, 'id');
        ({ secret } = await rotateWebhookSecret(context.actions, scopeOfViewer(context), webhookId));
        return { webhookId, secret: '' };
      });
      return isShownFailure(outcome) ? outcome : { ...outcome, secret };
    },
  }),
);
