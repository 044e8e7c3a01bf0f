import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { transactionPageSizeMax } from '../page.ts';
import { scoped } from '../scope.ts';
import { transactionList, transactionListArgs } from '../types/transaction-list.ts';
import { transactionPage, transactionType } from '../types/transaction.ts';

builder.queryFields((t) => ({
  transactions: t.drizzleConnection(
    {
      type: transactionType,
      authScopes: { permission: 'transactions_read' },
      description: 'Transactions, the newest day first; at most 500 at once. Scope: transactions_read.',
      args: {
        userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }),
        ...transactionListArgs,
      },
      maxSize: transactionPageSizeMax,
      resolve: (query, _root, args, { db, viewer }) => {
        const userId = args.userId ? readId('User', args.userId, 'userId') : null;
        const { where, orderBy } = transactionList(args);
        return db.query.transactions.findMany(query({ where: scoped(viewer, where, userId), orderBy }));
      },
    },
    transactionPage,
  ),
  transaction: t.drizzleField({
    type: transactionType,
    nullable: true,
    authScopes: { permission: 'transactions_read' },
    description: 'One transaction; null when there is none with this id. Scope: transactions_read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the transaction.' }) },
    resolve: (query, _root, args, { db, viewer }) =>
      db.query.transactions.findFirst(query({ where: scoped(viewer, { id: readId('Transaction', args.id, 'id') }) })),
  }),
}));
