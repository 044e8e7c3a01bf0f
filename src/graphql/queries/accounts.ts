import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { scoped } from '../scope.ts';
import { accountPage, accountType } from '../types/account.ts';

const isKept = { deletedAt: { isNull: true } } as const;

builder.queryFields((t) => ({
  accounts: t.drizzleConnection(
    {
      type: accountType,
      authScopes: { permission: 'accounts_read' },
      description: 'Accounts, the newest first; at most 100 at once. Scope: accounts_read.',
      args: {
        userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }),
        connectionId: t.arg.id({ description: 'Only of this connection.' }),
      },
      maxSize: pageSizeMax,
      resolve: (query, _root, args, { db, viewer }) => {
        const userId = args.userId ? readId('User', args.userId, 'userId') : null;
        const ofConnection = args.connectionId
          ? { connectionId: readId('Connection', args.connectionId, 'connectionId') }
          : {};
        return db.query.accounts.findMany(
          query({
            where: scoped(viewer, { ...isKept, ...ofConnection }, userId),
            orderBy: pageOrder(args, newestFirst('account'), pageSizeMax),
          }),
        );
      },
    },
    accountPage,
  ),
  account: t.drizzleField({
    type: accountType,
    nullable: true,
    authScopes: { permission: 'accounts_read' },
    description: 'One account; null when there is none with this id. Scope: accounts_read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the account.' }) },
    resolve: (query, _root, args, { db, viewer }) =>
      db.query.accounts.findFirst(
        query({ where: scoped(viewer, { ...isKept, id: readId('Account', args.id, 'id') }) }),
      ),
  }),
}));
