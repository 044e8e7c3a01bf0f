import { builder } from '../builder.ts';
import { failureInterface } from '../failures.ts';
import { globalId } from '../global-id.ts';
import { consentStatusEnum } from './enums.ts';

export const consentType = builder.drizzleObject('consents', {
  name: 'Consent',
  description: 'A person’s permission on a channel, from the request to its end. Renewing makes a new one.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the consent.', resolve: ({ id }) => globalId('Consent', id) }),
    status: t.expose('status', { type: consentStatusEnum, description: 'Where it stands.' }),
    validUntilOn: t.field({
      type: 'Date',
      description: 'The last day on which it holds: what was asked while PENDING, then what the bank granted.',
      select: { columns: { validUntil: true } },
      resolve: ({ validUntil }) => validUntil,
    }),
    frequencyPerDay: t.exposeInt('frequencyPerDay', {
      description: 'How often a day the bank may be asked while the person is away.',
    }),
    authorizationUrl: t.expose('authorizationUrl', {
      type: 'URL',
      nullable: true,
      description: 'The page to send the person to; only while PENDING.',
    }),
    authorizationExpiresAt: t.expose('authorizationExpiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the bank forgets a request that nobody confirmed.',
    }),
    authorizedAt: t.expose('authorizedAt', { type: 'DateTime', nullable: true, description: 'When it was given.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why it was not given, or how it ended.',
      select: { columns: { failure: true } },
      resolve: ({ failure }) => failure,
    }),
    successor: t.relation('successor', {
      nullable: true,
      description: 'The consent that has taken its place; null for one that was not replaced.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    connection: t.relation('connection', { description: 'The connection that it serves.' }),
    channel: t.relation('channel', { description: 'The channel that it opens.' }),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'The person who gives it. Scope: users_read.',
    }),
  }),
});

export const consentPage = builder.connectionObject(
  { type: consentType, name: 'ConsentConnection', description: 'One page of consents.' },
  { description: 'A consent and its place in the list.' },
);
