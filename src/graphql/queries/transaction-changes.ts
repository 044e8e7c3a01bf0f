import type { TransactionChange } from '../../domain/transaction-change.ts';
import { builder } from '../builder.ts';
import { columnsOfUser, loadTransaction } from '../event-finders.ts';
import { eventScope } from '../event-scope.ts';
import { globalId } from '../global-id.ts';
import { transactionPageSizeMax } from '../page.ts';
import { invalidArgument } from '../request-error.ts';
import { describeEnum } from '../types/describe-enum.ts';
import { transactionType } from '../types/transaction.ts';

const pageSizeDefault = 100;

const changeKind = describeEnum('TransactionChangeKind', 'What happened, and what a mirror does.', {
  CREATED: 'A new transaction: store it. A mirror stores whatever it has not seen, whatever the kind.',
  UPDATED: 'Something of a transaction changed since it was created: store it as it is now.',
  VOIDED: 'The bank no longer shows it: it stays, with status VOID, a reason and, where known, a successor.',
  ACCOUNT_DELETED:
    'An account was deleted, or merged: remove its transactions. Those that another account has now follow in the list.',
  CONNECTION_DELETED: 'A connection was deleted: remove the transactions of its accounts.',
  USER_DELETED: 'A user was deleted: remove all that is his.',
});

const changeType = builder.objectRef<TransactionChange>('TransactionChange').implement({
  description: 'One entry of the list of changes.',
  fields: (t) => ({
    cursor: t.expose('cursor', {
      type: 'Cursor',
      description: 'Its place. Keep the latest one and go on with `after`.',
    }),
    kind: t.field({ type: changeKind, description: 'What happened.', resolve: ({ kind }) => kind }),
    transaction: t.drizzleField({
      type: transactionType,
      nullable: true,
      description:
        'The transaction as it is now; null for a deletion, and when its account has been deleted since: that follows in the list.',
      resolve: (query, change, _args, context, info) =>
        'transactionId' in change
          ? loadTransaction(context, info, change.owner, change.transactionId, query({ columns: columnsOfUser }))
          : null,
    }),
    deletedNodeId: t.id({
      nullable: true,
      description: 'The id of the account, connection or user that was deleted; null for a change of a transaction.',
      resolve: (change) => {
        if (change.kind === 'ACCOUNT_DELETED') return globalId('Account', change.accountId);
        if (change.kind === 'CONNECTION_DELETED') return globalId('Connection', change.connectionId);
        return change.kind === 'USER_DELETED' ? globalId('User', change.owner.userId) : null;
      },
    }),
  }),
});

const changePage = builder.connectionObject(
  { type: changeType, name: 'TransactionChangeConnection', description: 'One page of changes.' },
  { name: 'TransactionChangeEdge', description: 'A change and its place in the list.' },
);

builder.queryField('transactionChanges', (t) =>
  t.field({
    type: changePage,
    authScopes: { permission: 'transactions_read' },
    description:
      'Created, updated and voided transactions and what was deleted, in the order in which it happened, for clients that keep a copy. A transaction stands in it once, at its latest change: whoever applies page after page, and later goes on with the last cursor, has what we have. Nothing is skipped, whatever changes in between; a cursor never expires. Scope: transactions_read.',
    args: {
      after: t.arg({ type: 'Cursor', description: 'Only what followed this change. Absent: from the beginning.' }),
      first: t.arg.int({ description: 'How many changes to give, at most 500. 100 when absent.' }),
      userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }),
    },
    async resolve(_root, { after, first, userId }, context) {
      const limit = first ?? pageSizeDefault;
      if (limit < 0 || limit > transactionPageSizeMax) {
        throw invalidArgument('first', `must be from 0 to ${transactionPageSizeMax}, not ${limit}.`);
      }
      const { scope } = await eventScope(context, { userId });
      const { changes, hasMore } = await context.events.changes(scope, { after: after ?? null, limit });
      return {
        edges: changes.map((change) => ({ cursor: change.cursor, node: change })),
        pageInfo: {
          hasNextPage: hasMore,
          hasPreviousPage: Boolean(after),
          startCursor: changes[0]?.cursor ?? null,
          endCursor: changes.at(-1)?.cursor ?? null,
        },
      };
    },
  }),
);
