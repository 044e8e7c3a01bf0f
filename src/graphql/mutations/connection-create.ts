import { startConnection } from '../../actions/start-connection.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import { attempt, bankFailures, idempotencyKeyDescription, resultType, userScopeOf } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { connectionType } from '../types/connection.ts';
import { consentType } from '../types/consent.ts';
import { channelKindEnum } from '../types/enums.ts';

const input = builder.inputType('ConnectionCreateInput', {
  description: 'A new link of a user to a provider.',
  fields: (t) => ({
    userId: t.id({ description: 'Whose link it is; needed with a client token.' }),
    providerId: t.id({ required: true, description: 'The provider to link.' }),
    channel: t.field({
      type: channelKindEnum,
      required: true,
      defaultValue: 'REDIRECT',
      description: 'How to reach it.',
    }),
    redirectUrl: t.field({
      type: 'URL',
      description:
        'Where the browser goes in the end, with `connection_id` and `status` added. A page of ours when absent.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ connectionId: string; consentId: string }>('ConnectionCreatePayload').implement({
  description: 'The link is begun: the person must confirm at the bank.',
  fields: (t) => ({
    connection: t.drizzleField({
      type: connectionType,
      nullable: true,
      description: 'The new connection; null when a repeated request finds it deleted since.',
      resolve: (query, { connectionId }, _args, { db, viewer }) =>
        db.query.connections.findFirst(query({ where: scoped(viewer, { id: keptId('connection', connectionId) }) })),
    }),
    consent: t.drizzleField({
      type: consentType,
      nullable: true,
      description: 'The consent that the person is asked for; null when a repeated request finds it deleted since.',
      resolve: (query, { consentId }, _args, { db, viewer }) =>
        db.query.consents.findFirst(query({ where: scoped(viewer, { id: keptId('consent', consentId) }) })),
    }),
    authorizationUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'The page of the bank to send the person to; null once the person has been there.',
      resolve: async ({ consentId }, _args, { db, viewer }) => {
        const where = scoped(viewer, { id: keptId('consent', consentId) });
        const consent = await db.query.consents.findFirst({ where, columns: { authorizationUrl: true } });
        return consent?.authorizationUrl ?? null;
      },
    }),
  }),
});

builder.mutationField('connectionCreate', (t) =>
  t.field({
    type: resultType('ConnectionCreateResult', payload, bankFailures),
    authScopes: { permission: 'connections_manage' },
    description:
      'Begins a link to a provider and gives the page to send the person to. The first sync starts by itself ' +
      'once the person has confirmed. With a client token, send the address of the person in the header ' +
      'PSU-IP-Address: banks want it. Scope: connections_manage. Emits: connection.created, consent.requested.',
    args: { input: t.arg({ type: input, required: true, description: 'The provider, and whose link it is.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'connectionCreate', input: args.input }, async () => {
        const scope = await userScopeOf(context, args.input.userId);
        const { connectionId, consentId } = await startConnection(context.actions, scope, {
          providerId: readInputId('Provider', args.input.providerId, 'providerId'),
          channel: args.input.channel,
          redirectUrl: args.input.redirectUrl ?? null,
          psu: context.psu,
        });
        return { connectionId, consentId };
      }),
  }),
);
