import { builder } from '../builder.ts';
import { failureInterface } from '../failures.ts';
import { globalId, idKinds } from '../global-id.ts';
import { newestFirst, idPart, pageOrder, pageSizeMax, type ListOrder } from '../page.ts';
import { accountPage } from './account.ts';
import { consentPage } from './consent.ts';
import { accountTypeEnum, connectionStatusEnum, dataTypeEnum, lastSyncStatusEnum } from './enums.ts';
import { syncPage } from './sync.ts';

/** Syncs have no creation time of their own: the request is it. */
const newestSyncFirst: ListOrder = {
  orderBy: { requestedAt: 'desc', id: 'desc' },
  isPart: [(value) => value instanceof Date && !Number.isNaN(value.getTime()), idPart(idKinds.Sync)],
};

export const connectionType = builder.drizzleObject('connections', {
  name: 'Connection',
  description: 'A person’s link to a provider, by one or two channels. (Its page type is `ConnectionConnection`.)',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the connection.', resolve: ({ id }) => globalId('Connection', id) }),
    status: t.expose('status', { type: connectionStatusEnum, description: 'Where it stands.' }),
    lastSyncStatus: t.expose('lastSyncStatus', { type: lastSyncStatusEnum, description: 'How the last sync went.' }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why it stands still or the last sync failed; null when all is well.',
      select: { columns: { failure: true } },
      resolve: ({ failure }) => failure,
    }),
    accountTypes: t.field({
      type: [accountTypeEnum],
      nullable: true,
      description: 'The only types of accounts that are taken; null takes all.',
      select: { columns: { accountTypes: true } },
      resolve: ({ accountTypes }) => accountTypes,
    }),
    dataTypes: t.field({
      type: [dataTypeEnum],
      nullable: true,
      description: 'The only data that is read of its accounts; null reads all.',
      select: { columns: { dataTypes: true } },
      resolve: ({ dataTypes }) => dataTypes,
    }),
    isAutoSync: t.exposeBoolean('isAutoSync', { description: 'True when it is synced daily without being asked.' }),
    lastSyncedAt: t.expose('lastSyncedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a sync last succeeded.',
    }),
    nextSyncAt: t.expose('nextSyncAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next sync is planned; null when none is.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When linking began.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    provider: t.relation('provider', { description: 'The institution that it leads to.' }),
    channels: t.relation('channels', {
      description: 'Its channels, at most one of each kind.',
      query: { orderBy: { kind: 'asc' } },
    }),
    consents: t.relatedConnection(
      'consents',
      {
        description: 'Its consents, the newest first; at most 100 at once.',
        maxSize: pageSizeMax,
        query: (args) => ({ orderBy: pageOrder(args, newestFirst('consent'), pageSizeMax) }),
      },
      consentPage,
    ),
    syncs: t.relatedConnection(
      'syncs',
      {
        description: 'Its syncs, the newest first; at most 100 at once.',
        maxSize: pageSizeMax,
        query: (args) => ({ orderBy: pageOrder(args, newestSyncFirst, pageSizeMax) }),
      },
      syncPage,
    ),
    accounts: t.relatedConnection(
      'accounts',
      {
        nullable: true,
        authScopes: { permission: 'accounts_read' },
        description: 'The accounts that it shows, the newest first; at most 100 at once. Scope: accounts_read.',
        maxSize: pageSizeMax,
        query: (args) => ({
          orderBy: pageOrder(args, newestFirst('account'), pageSizeMax),
          where: { deletedAt: { isNull: true } },
        }),
      },
      accountPage,
    ),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'The person whose link it is. Scope: users_read.',
    }),
  }),
});

export const connectionPage = builder.connectionObject(
  { type: connectionType, name: 'ConnectionConnection', description: 'One page of connections to providers.' },
  { name: 'ConnectionEdge', description: 'A connection to a provider and its place in the list.' },
);
