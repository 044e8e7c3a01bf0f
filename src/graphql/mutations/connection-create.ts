import { startConnection } from '../../actions/start-connection.ts';
import { builder } from '../builder.ts';
import { readInputId } from '../global-id.ts';
import {
  attempt,
  bankFailures,
  idempotencyKeyDescription,
  resultType,
  userScopeOf,
  type Outcome,
} from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { connectionType } from '../types/connection.ts';
import { consentType } from '../types/consent.ts';
import { credentialInput } from '../types/credential-input.ts';
import { accountTypeEnum, channelKindEnum, dataTypeEnum } from '../types/enums.ts';
import { syncType } from '../types/sync.ts';

const input = builder.inputType('ConnectionCreateInput', {
  description: 'A new link of a user to a provider.',
  fields: (t) => ({
    userId: t.id({ description: 'Whose link it is; needed with a client token.' }),
    providerId: t.id({ required: true, description: 'The provider to link.' }),
    channels: t.field({
      type: [channelKindEnum],
      description: 'By which channels to reach it, one or both; absent: by one that it offers, REDIRECT first.',
    }),
    credentials: t.field({
      type: [credentialInput],
      description: 'The filled form, for a channel whose definition has credentialFields.',
    }),
    accountTypes: t.field({
      type: [accountTypeEnum],
      description:
        'The only types of accounts to take, each offered by one of the channels; absent: all that the channels show.',
    }),
    dataTypes: t.field({
      type: [dataTypeEnum],
      description: 'The only data to read of the accounts; absent: all of it.',
    }),
    redirectUrl: t.field({
      type: 'URL',
      description:
        'Where the browser goes in the end, with `connection_id` and `status` added: one of the addresses that the ' +
        'operator has registered for the client, with any query; any address while none are. A page of ours when absent.',
    }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

interface Created extends Outcome {
  readonly connectionId: string;
  readonly consentId: string;
  /** Empty when the first sync comes after the return from the bank. */
  readonly syncId: string;
}

const payload = builder.objectRef<Created>('ConnectionCreatePayload').implement({
  description: 'The link is begun: the person must confirm at the bank’s page, or answer the challenges of the sync.',
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
    sync: t.drizzleField({
      type: syncType,
      nullable: true,
      description:
        'The first sync where it signs in with the credentials: follow it for challenges. Null where it comes after ' +
        'the return from the bank.',
      resolve: async (query, { syncId }, _args, { db, viewer }) =>
        syncId === ''
          ? null
          : db.query.syncs.findFirst(query({ where: scoped(viewer, { id: keptId('sync', syncId) }) })),
    }),
    authorizationUrl: t.field({
      type: 'URL',
      nullable: true,
      description:
        'The page of the bank to send the person to; null where there is none, and once the person has been there.',
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
      'Begins a link to a provider: always a new one, even where the user has one already. A channel with pages at the ' +
      'bank gives the page to send the person to, and the first sync starts by itself once he has confirmed. A ' +
      'channel with credentials signs in within the first sync, which begins at once and may ask challenges. With a ' +
      'client token, send the address of the person in the header PSU-IP-Address: banks want it, and without it ' +
      'nobody is asked. Scope: connections_manage. Emits: connection.created, consent.requested, sync.queued.',
    args: { input: t.arg({ type: input, required: true, description: 'The provider, and whose link it is.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'connectionCreate', input: args.input, hasSecret: true }, async () => {
        const scope = await userScopeOf(context, args.input.userId);
        const { connectionId, consentId, syncId } = await startConnection(context.actions, scope, {
          providerId: readInputId('Provider', args.input.providerId, 'providerId'),
          channels: args.input.channels ?? null,
          credentials: args.input.credentials ?? [],
          accountTypes: args.input.accountTypes ?? null,
          dataTypes: args.input.dataTypes ?? null,
          redirectUrl: args.input.redirectUrl ?? null,
          psu: context.psu,
        });
        return { connectionId, consentId, syncId: syncId ?? '' };
      }),
  }),
);
