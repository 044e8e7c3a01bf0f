import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { someOf } from '../some-of.ts';
import { deliveryPage } from './webhook-delivery.ts';
import { deliveryStatusEnum, webhookDisabledReasonEnum } from './webhook-enums.ts';
import { eventTypeEnum } from './event-type-enum.ts';

interface SigningKey {
  readonly publicKey: string;
  readonly expiresAt: Date | null;
}

const signingKeyType = builder.objectRef<SigningKey>('WebhookSigningKey').implement({
  description: 'The public half of a key with which the endpoint’s events are signed (`v1a`, Ed25519).',
  fields: (t) => ({
    publicKey: t.exposeString('publicKey', { description: '`whpk_` and the 32 bytes of the key in base64.' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Until when it signs beside a newer one; null for the newest.',
    }),
  }),
});

export const webhookType = builder.drizzleObject('webhooks', {
  name: 'Webhook',
  description: 'An endpoint of the client to which events are pushed, signed as Standard Webhooks has it.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the webhook.', resolve: ({ id }) => globalId('Webhook', id) }),
    url: t.expose('url', { type: 'URL', description: 'Where events are posted to.' }),
    description: t.exposeString('description', { nullable: true, description: 'A note of the client’s own.' }),
    types: t.field({
      type: [eventTypeEnum],
      description: 'Which events it wants; empty for all.',
      select: { columns: { types: true } },
      resolve: ({ types }) => types,
    }),
    isOrdered: t.exposeBoolean('isOrdered', {
      description: 'Whether the events of one user come one after another, and wait while one of them fails.',
    }),
    isEnabled: t.boolean({
      description: 'Whether it is served.',
      select: { columns: { status: true } },
      resolve: ({ status }) => status === 'ENABLED',
    }),
    disabledReason: t.expose('disabledReason', {
      type: webhookDisabledReasonEnum,
      nullable: true,
      description: 'Why it is not served; null while it is.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is not served; null while it is.',
    }),
    failingSinceAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The first failure since the last success; null when the last attempt succeeded.',
      select: { columns: { failingSince: true } },
      resolve: ({ failingSince }) => failingSince,
    }),
    pausedUntilAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'After five failures in a row, when it is probed next; nothing else is sent before.',
      select: { columns: { circuitOpenUntil: true } },
      resolve: ({ circuitOpenUntil }) => circuitOpenUntil,
    }),
    signingKeys: t.field({
      type: [signingKeyType],
      description: 'The public keys that sign its events now, the newest first.',
      select: { columns: { publicKey: true, previousPublicKey: true, previousSecretExpiresAt: true } },
      resolve({ publicKey, previousPublicKey, previousSecretExpiresAt: expiresAt }, _args, { actions }) {
        const newest = { publicKey, expiresAt: null };
        const isValid = previousPublicKey && expiresAt && expiresAt > actions.clock.now();
        return isValid ? [newest, { publicKey: previousPublicKey, expiresAt }] : [newest];
      },
    }),
    clientCertificateExpiresAt: t.expose('clientCertificateExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the certificate ends with which it is called; null without mutual TLS.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    deliveries: t.relatedConnection(
      'deliveries',
      {
        description: 'What was sent to it, the newest first; at most 100 at once.',
        args: {
          statuses: t.arg({
            type: [deliveryStatusEnum],
            description: 'Only in one of these states; in any when absent or empty.',
          }),
        },
        maxSize: pageSizeMax,
        query: (args) => {
          const statuses = someOf(args.statuses);
          return {
            orderBy: pageOrder(args, newestFirst('delivery'), pageSizeMax),
            where: statuses ? { status: { in: statuses } } : {},
          };
        },
      },
      deliveryPage,
    ),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'The person whose events it gets; null when it gets those of all users. Scope: users_read.',
    }),
  }),
});

export const webhookPage = builder.connectionObject(
  { type: webhookType, name: 'WebhookConnection', description: 'One page of webhooks.' },
  { description: 'A webhook and its place in the list.' },
);
