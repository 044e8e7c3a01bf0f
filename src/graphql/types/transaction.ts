import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';
import { moneyType } from './money.ts';
import { decisionSourceEnum, transactionStatusEnum, transactionTypeEnum, voidReasonEnum } from './transaction-enums.ts';

export const transactionType = builder.drizzleObject('transactions', {
  name: 'Transaction',
  description: 'One movement on an account. It keeps its id for life: pending, booked, void or seen again.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id, kept for life.', resolve: ({ id }) => globalId('Transaction', id) }),
    status: t.expose('status', { type: transactionStatusEnum, description: 'Where it stands at the bank.' }),
    type: t.expose('type', { type: transactionTypeEnum, description: 'The instrument that moved the money.' }),
    amount: t.field({
      type: moneyType,
      description: 'Negative when money left the account.',
      select: { columns: { amount: true, currency: true } },
      resolve: ({ amount, currency }) => ({ amount, currency }),
    }),
    originalAmount: t.field({
      type: moneyType,
      nullable: true,
      description: 'What was charged, for what was paid in another currency; null where the bank does not tell.',
      select: { columns: { originalAmount: true, originalCurrency: true } },
      resolve: ({ originalAmount, originalCurrency }) =>
        originalAmount === null || originalCurrency === null
          ? null
          : { amount: originalAmount, currency: originalCurrency },
    }),
    exchangeRate: t.expose('exchangeRate', {
      type: 'Decimal',
      nullable: true,
      description:
        'Units of the other currency for one of the account’s, as the bank tells it, whatever fees it took; a bank that ' +
        'states it the other way round is turned. It may be told without the amount.',
    }),
    datedOn: t.expose('datedOn', {
      type: 'Date',
      description: 'The day by which lists are ordered: booked, else purchased, else valued, else first seen.',
    }),
    bookedOn: t.expose('bookedOn', { type: 'Date', nullable: true, description: 'When the bank booked it.' }),
    valueOn: t.expose('valueOn', { type: 'Date', nullable: true, description: 'From when it counts for interest.' }),
    transactedOn: t.expose('transactedOn', {
      type: 'Date',
      nullable: true,
      description: 'The day of the purchase, where the bank or its text tells it.',
    }),
    label: t.exposeString('label', { description: 'The text that a person wants to read.' }),
    labelSource: t.expose('labelSource', { type: decisionSourceEnum, description: 'Who wrote the label.' }),
    bankText: t.exposeString('bankText', { description: 'The text of the bank, its lines joined by a newline.' }),
    counterpartyName: t.exposeString('counterpartyName', { nullable: true, description: 'Who is on the other side.' }),
    counterpartyIban: t.expose('counterpartyIban', {
      type: 'IBAN',
      nullable: true,
      description: 'The account on the other side.',
    }),
    merchantCategoryCode: t.exposeString('merchantCategoryCode', {
      nullable: true,
      description: 'ISO 18245 code of the merchant of a card payment.',
    }),
    bankTransactionCode: t.exposeString('bankTransactionCode', {
      nullable: true,
      description: 'ISO 20022 code such as `PMNT-RDDT-ESDD`, or a code of the bank.',
    }),
    bankTransactionId: t.exposeString('bankTransactionId', {
      nullable: true,
      description: 'The bank’s id: a hint that may change or repeat, never an identity.',
    }),
    entryReference: t.exposeString('entryReference', { nullable: true, description: 'The bank’s booking reference.' }),
    endToEndId: t.exposeString('endToEndId', { nullable: true, description: 'The payer’s SEPA reference.' }),
    mandateId: t.exposeString('mandateId', { nullable: true, description: 'The mandate of a direct debit.' }),
    creditorId: t.exposeString('creditorId', {
      nullable: true,
      description: 'SEPA id of who collects a direct debit.',
    }),
    checkId: t.exposeString('checkId', { nullable: true, description: 'The number of a check.' }),
    category: t.relation('category', { description: 'What it was for; `UNCATEGORISED` while nobody has decided.' }),
    categorySource: t.expose('categorySource', {
      type: decisionSourceEnum,
      nullable: true,
      description: 'Who decided the category; null while nobody has.',
    }),
    notes: t.exposeString('notes', { nullable: true, description: 'What the person wrote beside it.' }),
    voidReason: t.expose('voidReason', { type: voidReasonEnum, nullable: true, description: 'Why it is VOID.' }),
    successor: t.relation('successor', {
      nullable: true,
      description: 'The transaction that took the place of one that is VOID, where it is known.',
    }),
    settledCard: t.relation('settledCard', {
      nullable: true,
      authScopes: { permission: 'accounts_read' },
      description:
        'Of the month-end line of a deferred-debit card (CREDIT_CARD_PAYMENT): the card whose operations it pays, where ' +
        'that is evident. Those are on the card, so the line is an internal transfer. Scope: accounts_read.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When we first saw it.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When anything of it last changed.' }),
    account: t.relation('account', {
      nullable: true,
      authScopes: { permission: 'accounts_read' },
      description: 'The account that it moved. Scope: accounts_read.',
    }),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'The person whose money it is. Scope: users_read.',
    }),
  }),
});

export const transactionPage = builder.connectionObject(
  { type: transactionType, name: 'TransactionConnection', description: 'One page of transactions.' },
  { description: 'A transaction and its place in the list.' },
);
