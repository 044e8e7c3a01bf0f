import { isCalendarDate } from '../../kernel/calendar-date.ts';
import { isDecimal } from '../../kernel/money.ts';
import { builder } from '../builder.ts';
import { readCategoryKey, readId } from '../global-id.ts';
import { idPart, pageOrder, readPlace, transactionPageSizeMax, type ListOrder } from '../page.ts';
import { invalidArgument } from '../request-error.ts';
import { allOf } from '../scope.ts';
import { someOf } from '../some-of.ts';
import { describeEnum } from './describe-enum.ts';
import { transactionStatusEnum, transactionTypeEnum } from './transaction-enums.ts';

const dateRange = builder.inputType('DateRange', {
  description: 'Days from one to another, both included; a side that is absent is open.',
  fields: (t) => ({
    from: t.field({ type: 'Date', description: 'The first day.' }),
    to: t.field({ type: 'Date', description: 'The last day.' }),
  }),
});

const decimalRange = builder.inputType('DecimalRange', {
  description: 'Amounts from one to another, both included; a side that is absent is open. Debits are negative.',
  fields: (t) => ({
    min: t.field({ type: 'Decimal', description: 'The lowest amount.' }),
    max: t.field({ type: 'Decimal', description: 'The highest amount.' }),
  }),
});

const transactionFilter = builder.inputType('TransactionFilter', {
  description: 'Which transactions to give: those that meet every condition that is set.',
  fields: (t) => ({
    accountIds: t.idList({ description: 'Only of these accounts, at most 100; an empty list gives nothing.' }),
    connectionId: t.id({ description: 'Only of accounts of this connection.' }),
    datedOn: t.field({ type: dateRange, description: 'Only of these days, by `datedOn`.' }),
    amount: t.field({ type: decimalRange, description: 'Only of these amounts, whatever the currency.' }),
    statuses: t.field({
      type: [transactionStatusEnum],
      description: 'Only in one of these states; in any when absent or empty.',
    }),
    types: t.field({
      type: [transactionTypeEnum],
      description: 'Only of one of these instruments; of any when absent or empty.',
    }),
    categoryId: t.id({ description: 'Only of this category; a primary counts with all its leaves.' }),
    text: t.string({
      description:
        'Only where this text, from 1 to 200 characters in any case, is in the label, the text of the bank, the counterparty or the notes.',
    }),
  }),
});

const orderField = describeEnum('TransactionOrderField', 'By what transactions are ordered.', {
  DATE: 'By `datedOn`.',
  AMOUNT: 'By amount, whatever the currency.',
});

const orderDirection = describeEnum('OrderDirection', 'Which end of an order comes first.', {
  ASC: 'The smallest or oldest first.',
  DESC: 'The largest or newest first.',
});

const transactionOrder = builder.inputType('TransactionOrder', {
  description: 'The order of transactions; those that are equal in it follow in the order of their ids.',
  fields: (t) => ({
    field: t.field({ type: orderField, required: true, description: 'By what.' }),
    direction: t.field({ type: orderDirection, required: true, description: 'Which end first.' }),
  }),
});

/** The arguments of every list of transactions, besides those of its page. */
export const transactionListArgs = builder.args((t) => ({
  filter: t.field({ type: transactionFilter, description: 'Which ones; all when absent.' }),
  orderBy: t.field({ type: transactionOrder, description: 'In what order; the newest day first when absent.' }),
}));

type Filter = typeof transactionFilter.$inferInput;
type Order = typeof transactionOrder.$inferInput;

interface ListArguments {
  readonly filter?: Filter | null | undefined;
  readonly orderBy?: Order | null | undefined;
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** The order and the conditions of a list of transactions; throws top-level errors for unsound arguments. */
export function transactionList(args: ListArguments) {
  const order = listOrder(args.orderBy);
  const orderBy = pageOrder(args, order, transactionPageSizeMax);
  return { orderBy, where: allOf([...conditions(args.filter ?? {}), ...bounds(args, order)]) };
}

function listOrder(order: Order | null | undefined): ListOrder {
  const direction = order?.direction === 'ASC' ? 'asc' : 'desc';
  return order?.field === 'AMOUNT'
    ? { orderBy: { amount: direction, id: direction }, isPart: [isDecimalPart, idPart('transaction')] }
    : { orderBy: { datedOn: direction, id: direction }, isPart: [isDatePart, idPart('transaction')] };
}

function isDecimalPart(value: unknown): boolean {
  return typeof value === 'string' && isDecimal(value);
}

function isDatePart(value: unknown): boolean {
  return typeof value === 'string' && isCalendarDate(value);
}

/**
 * The keyset of a page is an OR, in which an index finds no place to begin; the first column alone gives it one, so
 * that a late page costs what an early one does.
 */
function bounds(args: ListArguments, order: ListOrder) {
  const direction = order.orderBy['datedOn'];
  if (!direction) return [];
  const [after] = readPlace('after', args.after, order) ?? [];
  const [before] = readPlace('before', args.before, order) ?? [];
  const forward = typeof after === 'string' ? [{ datedOn: direction === 'asc' ? { gte: after } : { lte: after } }] : [];
  const backward =
    typeof before === 'string' ? [{ datedOn: direction === 'asc' ? { lte: before } : { gte: before } }] : [];
  return [...forward, ...backward];
}

function conditions({ accountIds, connectionId, datedOn, amount, categoryId, text, ...filter }: Filter) {
  const statuses = someOf(filter.statuses);
  const types = someOf(filter.types);
  if (accountIds && accountIds.length > 100) throw invalidArgument('filter.accountIds', 'at most 100 accounts.');
  if (typeof text === 'string' && (text.length === 0 || text.length > 200)) {
    throw invalidArgument('filter.text', 'must have from 1 to 200 characters.');
  }
  const pattern = `%${(text ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const categoryKey = categoryId ? readCategoryKey(categoryId, 'filter.categoryId') : null;
  return [
    ...(accountIds ? [{ accountId: { in: accountIds.map((id) => readId('Account', id, 'filter.accountIds')) } }] : []),
    ...(connectionId ? [{ account: { connectionId: readId('Connection', connectionId, 'filter.connectionId') } }] : []),
    ...(datedOn?.from ? [{ datedOn: { gte: datedOn.from } }] : []),
    ...(datedOn?.to ? [{ datedOn: { lte: datedOn.to } }] : []),
    ...(amount?.min ? [{ amount: { gte: amount.min } }] : []),
    ...(amount?.max ? [{ amount: { lte: amount.max } }] : []),
    ...(statuses ? [{ status: { in: statuses } }] : []),
    ...(types ? [{ type: { in: types } }] : []),
    ...(categoryKey ? [{ category: { OR: [{ key: categoryKey }, { parentKey: categoryKey }] } }] : []),
    ...(text
      ? [
          {
            OR: [
              { label: { ilike: pattern } },
              { bankText: { ilike: pattern } },
              { counterpartyName: { ilike: pattern } },
              { notes: { ilike: pattern } },
            ],
          },
        ]
      : []),
  ];
}
