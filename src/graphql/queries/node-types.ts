import { isId, type Id, type IdKind } from '../../kernel/id.ts';
import { builder } from '../builder.ts';
import { offeredTo } from '../compile/offered-to.ts';
import { nodeFinders, type FoundNode, type NodeTypeName } from '../node-finders.ts';
import { scoped, scopedUsers } from '../scope.ts';

/** The texts that are ids of this kind: all of them, since they were parsed as such; this only tells the compiler. */
function idsOf<Kind extends IdKind>(kind: Kind, ids: readonly string[]): Id<Kind>[] {
  return ids.filter((id) => isId(kind, id));
}

/** The rows themselves, marked: a copy would be a row that the plugin does not know. */
function named(typeName: NodeTypeName, rows: { readonly id: string }[]): FoundNode[] {
  return rows.map((row) => Object.assign(row, { __typename: typeName, nodeKey: row.id }));
}

const columns = { id: true } as const;

// Nothing is added to Query here: the field builder is what plans a query from a selection.
builder.queryFields((t) => {
  nodeFinders.set('User', {
    permission: 'users_read',
    async find(context, ids, info) {
      const where = scopedUsers(context.viewer, { id: { in: idsOf('user', ids) } });
      const query = t.drizzleQueryFromInfo('users', { context, info, where, columns });
      return named('User', await context.db.query.users.findMany(query));
    },
  });
  nodeFinders.set('Provider', {
    permission: null,
    async find(context, ids, info) {
      const where = { id: { in: idsOf('provider', ids) }, ...offeredTo(context.viewer) };
      const query = t.drizzleQueryFromInfo('providers', { context, info, where, columns });
      return named('Provider', await context.db.query.providers.findMany(query));
    },
  });
  nodeFinders.set('Connection', {
    permission: 'connections_read',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: idsOf('connection', ids) } });
      const query = t.drizzleQueryFromInfo('connections', { context, info, where, columns });
      return named('Connection', await context.db.query.connections.findMany(query));
    },
  });
  nodeFinders.set('Consent', {
    permission: 'connections_read',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: idsOf('consent', ids) } });
      const query = t.drizzleQueryFromInfo('consents', { context, info, where, columns });
      return named('Consent', await context.db.query.consents.findMany(query));
    },
  });
  nodeFinders.set('Sync', {
    permission: 'connections_read',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: idsOf('sync', ids) } });
      const query = t.drizzleQueryFromInfo('syncs', { context, info, where, columns });
      return named('Sync', await context.db.query.syncs.findMany(query));
    },
  });
  nodeFinders.set('Account', {
    permission: 'accounts_read',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: idsOf('account', ids) }, deletedAt: { isNull: true as const } });
      const query = t.drizzleQueryFromInfo('accounts', { context, info, where, columns });
      return named('Account', await context.db.query.accounts.findMany(query));
    },
  });
  nodeFinders.set('Transaction', {
    permission: 'transactions_read',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: idsOf('transaction', ids) } });
      const query = t.drizzleQueryFromInfo('transactions', { context, info, where, columns });
      return named('Transaction', await context.db.query.transactions.findMany(query));
    },
  });
  nodeFinders.set('Category', {
    permission: null,
    async find(context, keys, info) {
      const where = { key: { in: [...keys] } };
      const query = t.drizzleQueryFromInfo('categories', { context, info, where, columns: { key: true } });
      const rows = await context.db.query.categories.findMany(query);
      return rows.map((row) => Object.assign(row, { __typename: 'Category', nodeKey: row.key }));
    },
  });
  return {};
});
