import { updateTransaction } from '../../actions/update-transaction.ts';
import { builder } from '../builder.ts';
import { readInputCategoryKey, readInputId } from '../global-id.ts';
import { attempt, idempotencyKeyDescription, resultType, scopeOfViewer } from '../mutation.ts';
import { keptId } from '../payload.ts';
import { scoped } from '../scope.ts';
import { transactionType } from '../types/transaction.ts';

const input = builder.inputType('TransactionUpdateInput', {
  description: 'What a person decides of a transaction; what is absent stays, and no sync overwrites it.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The id of the transaction.' }),
    categoryId: t.id({ description: 'What it was for; null gives the choice back to the house.' }),
    label: t.string({ description: 'The text to show, from 1 to 200 characters; null gives it back to the bank.' }),
    notes: t.string({ description: 'A note of at most 2000 characters; null takes it away.' }),
    idempotencyKey: t.string({ description: idempotencyKeyDescription }),
  }),
});

const payload = builder.objectRef<{ transactionId: string }>('TransactionUpdatePayload').implement({
  description: 'The transaction is changed.',
  fields: (t) => ({
    transaction: t.drizzleField({
      type: transactionType,
      nullable: true,
      description: 'The transaction; null when a repeated request finds it deleted since.',
      resolve: (query, { transactionId }, _args, { db, viewer }) =>
        db.query.transactions.findFirst(query({ where: scoped(viewer, { id: keptId('transaction', transactionId) }) })),
    }),
  }),
});

builder.mutationField('transactionUpdate', (t) =>
  t.field({
    type: resultType('TransactionUpdateResult', payload),
    authScopes: { permission: 'transactions_manage' },
    description:
      'Sets the category, the label or the notes of a transaction in the name of the person. ' +
      'Scope: transactions_manage. Emits: transaction.updated.',
    args: { input: t.arg({ type: input, required: true, description: 'The transaction, and what to change.' }) },
    resolve: (_root, args, context) =>
      attempt(context, { operation: 'transactionUpdate', input: args.input }, async () => {
        const { id, categoryId, label, notes } = args.input;
        const transactionId = readInputId('Transaction', id, 'id');
        await updateTransaction(context.actions, scopeOfViewer(context), {
          transactionId,
          ...(categoryId === undefined
            ? {}
            : { categoryKey: categoryId === null ? null : readInputCategoryKey(categoryId, 'categoryId') }),
          ...(label === undefined ? {} : { label }),
          ...(notes === undefined ? {} : { notes }),
        });
        return { transactionId };
      }),
  }),
);
