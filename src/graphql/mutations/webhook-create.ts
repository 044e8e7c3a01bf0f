import { createWebhook } from '../../actions/create-webhook.ts';
import { builder } from '../builder.ts';
import { isShownFailure } from '../failures.ts';
import { attempt, idempotencyKeyDescription, ownerScopeOf, resultType } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { eventTypeEnum } from '../types/event-type-enum.ts';
import { clientCertificateInput } from '../types/webhook-input.ts';
import { webhookType } from '../types/webhook.ts';

const input = builder.inputType('WebhookCreateInput', {
  description: 'A new endpoint to which events are pushed.',
  fields: (t) => ({
    url: t.field({
      type: 'URL',
      required: true,
      description:
        'Where to post to: https, on the open internet; a sandbox also takes http and this machine. Checked again at each call.',
    }),
    description: t.string({ description: 'A note of your own, of at most 200 characters.' }),
    userId: t.id({
      description: 'Only events of this user. Absent: of all users and your own.',
    }),
    types: t.field({ type: [eventTypeEnum], description: 'Only events of these types; all when absent or empty.' }),
    isOrdered: t.boolean({
      description: 'Whether the events of one user come one after another, and wait while one of them fails.',
    }),
    clientCertificate: t.field({ type: clientCertificateInput, description: 'What to show for mutual TLS.' }),
    after: t.field({
      type: 'Cursor',
      description: 'Begin after this event, read by any transport. Absent: begin now.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ webhookId: string; secret: string }>('WebhookCreatePayload').implement({
  description: 'The webhook is added.',
  fields: (t) => ({
    secret: t.string({
      nullable: true,
      description:
        'What verifies its signatures (`whsec_…`). Shown this once; null in the answer to a repeated request: rotate it then.',
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

builder.mutationField('webhookCreate', (t) =>
  t.field({
    type: resultType('WebhookCreateResult', payload),
    authScopes: { permission: 'webhooks_manage' },
    description:
      'Adds an endpoint, which hears itself that it was added where `types` want it. Scope: webhooks_manage. Emits: webhook.created.',
    args: { input: t.arg({ type: input, required: true, description: 'The endpoint.' }) },
    async resolve(_root, args, context) {
      // Kept apart from the outcome, which is stored under the idempotency key.
      let secret = '';
      const outcome = await attempt(
        context,
        { operation: 'webhookCreate', input: args.input, hasSecret: Boolean(args.input.clientCertificate) },
        async () => {
          const { url, description = null, userId, types, isOrdered, clientCertificate, after = null } = args.input;
          const scope = await ownerScopeOf(context, userId);
          const created = await createWebhook(context.actions, scope, {
            url,
            description,
            types: types ?? [],
            isOrdered: isOrdered ?? false,
            clientCertificate: clientCertificate ?? null,
            after,
          });
          secret = created.secret;
          return { webhookId: created.id, secret: '' };
        },
      );
      return isShownFailure(outcome) ? outcome : { ...outcome, secret };
    },
  }),
);
