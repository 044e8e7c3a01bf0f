import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { newestFirst, pageOrder, pageSizeMax, transactionPageSizeMax } from '../page.ts';
import { accountPage } from './account.ts';
import { connectionPage } from './connection.ts';
import { consentPage } from './consent.ts';
import { transactionList, transactionListArgs } from './transaction-list.ts';
import { transactionPage } from './transaction.ts';

builder.drizzleObject('clients', {
  name: 'Client',
  description: 'The application that uses this API and owns its users.',
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the client.', resolve: ({ id }) => globalId('Client', id) }),
    name: t.exposeString('name', { description: 'The name that users know it by.' }),
    isTermsAcceptanceNeeded: t.exposeBoolean('mustAcceptTerms', {
      description: 'Whether a user must have accepted the current terms before a bank can be linked.',
    }),
    termsVersion: t.exposeString('termsVersion', { description: 'The version of the terms that is current.' }),
    termsUrl: t.expose('termsUrl', { type: 'URL', nullable: true, description: 'Where a person reads them.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was registered.' }),
  }),
});

export const userType = builder.drizzleObject('users', {
  name: 'User',
  description: 'A person who owns connections, accounts and transactions.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the user.', resolve: ({ id }) => globalId('User', id) }),
    email: t.exposeString('email', { description: 'The address to sign in with; unique within the client.' }),
    locale: t.expose('locale', { type: 'Locale', nullable: true, description: 'The language that the person reads.' }),
    acceptedTermsVersion: t.exposeString('acceptedTermsVersion', {
      nullable: true,
      description: 'The version of the terms that the person accepted last.',
    }),
    acceptedTermsAt: t.expose('acceptedTermsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When that was.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the user was created.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When the user last changed.' }),
    client: t.relation('client', { description: 'The application that owns the user.' }),
    connections: t.relatedConnection(
      'connections',
      {
        nullable: true,
        authScopes: { permission: 'connections_read' },
        description: 'The user’s links to providers, the newest first; at most 100 at once. Scope: connections_read.',
        maxSize: pageSizeMax,
        query: (args) => ({ orderBy: pageOrder(args, newestFirst('connection'), pageSizeMax) }),
      },
      connectionPage,
    ),
    accounts: t.relatedConnection(
      'accounts',
      {
        nullable: true,
        authScopes: { permission: 'accounts_read' },
        description: 'The user’s accounts, the newest first; at most 100 at once. Scope: accounts_read.',
        maxSize: pageSizeMax,
        query: (args) => ({
          orderBy: pageOrder(args, newestFirst('account'), pageSizeMax),
          where: { deletedAt: { isNull: true } },
        }),
      },
      accountPage,
    ),
    transactions: t.relatedConnection(
      'transactions',
      {
        nullable: true,
        authScopes: { permission: 'transactions_read' },
        description: 'The transactions of all accounts of the user; at most 500 at once. Scope: transactions_read.',
        args: transactionListArgs,
        maxSize: transactionPageSizeMax,
        query: (args) => transactionList(args),
      },
      transactionPage,
    ),
    consents: t.relatedConnection(
      'consents',
      {
        nullable: true,
        authScopes: { permission: 'connections_read' },
        description: 'The user’s consents, the newest first; at most 100 at once. Scope: connections_read.',
        maxSize: pageSizeMax,
        query: (args) => ({ orderBy: pageOrder(args, newestFirst('consent'), pageSizeMax) }),
      },
      consentPage,
    ),
  }),
});

export const userPage = builder.connectionObject(
  { type: userType, name: 'UserConnection', description: 'One page of users.' },
  { description: 'A user and the place in the list.' },
);
