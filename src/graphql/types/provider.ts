import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';

export const providerType = builder.drizzleObject('providers', {
  name: 'Provider',
  description: 'An institution that holds accounts, such as a bank.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the provider.', resolve: ({ id }) => globalId('Provider', id) }),
    name: t.exposeString('name', { description: 'The name that people know it by.' }),
    country: t.expose('country', { type: 'CountryCode', description: 'Where its customers bank.' }),
    bic: t.expose('bic', { type: 'BIC', nullable: true, description: 'Its BIC, where it has one.' }),
    groups: t.stringList({
      description: 'The groups of banks that it belongs to.',
      select: { columns: { groups: true } },
      resolve: ({ groups }) => groups,
    }),
    logoUrl: t.expose('logoUrl', { type: 'URL', nullable: true, description: 'A logo to show in a list.' }),
    websiteUrl: t.expose('websiteUrl', { type: 'URL', nullable: true, description: 'Its own site.' }),
    isTest: t.exposeBoolean('isTest', { description: 'True for a simulated bank: nothing there is real.' }),
    isEnabled: t.exposeBoolean('isEnabled', { description: 'False while it cannot be linked.' }),
    channelDefinitions: t.relation('channelDefinitions', {
      description: 'The ways in which it can be reached, at most one of each kind.',
      query: { orderBy: { kind: 'asc' } },
    }),
  }),
});

export const providerPage = builder.connectionObject(
  { type: providerType, name: 'ProviderConnection', description: 'One page of providers.' },
  { description: 'A provider and its place in the list.' },
);
