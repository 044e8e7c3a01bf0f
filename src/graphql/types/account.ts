import { mappingCandidates } from '../../domain/account-identity.ts';
import { builder } from '../builder.ts';
import { failureInterface } from '../failures.ts';
import { globalId } from '../global-id.ts';
import { accountStatusEnum, accountTypeEnum, accountUsageEnum, balanceTypeEnum } from './enums.ts';
import { moneyType } from './money.ts';
import { transactionList, transactionListArgs } from './transaction-list.ts';
import { transactionPage } from './transaction.ts';

builder.drizzleObject('balances', {
  name: 'Balance',
  description: 'One balance that the bank gave at the last sync.',
  select: { columns: { accountId: true } },
  fields: (t) => ({
    type: t.expose('type', { type: balanceTypeEnum, description: 'What it counts.' }),
    bankType: t.exposeString('bankType', { description: 'The bank’s own word, because banks stretch the standard’s.' }),
    amount: t.field({
      type: moneyType,
      description: 'Negative when the account is overdrawn.',
      select: { columns: { amount: true, currency: true } },
      resolve: ({ amount, currency }) => ({ amount, currency }),
    }),
    referenceOn: t.expose('referenceOn', { type: 'Date', nullable: true, description: 'The day for which it holds.' }),
    changedAt: t.expose('changedAt', { type: 'DateTime', nullable: true, description: 'When the bank last moved it.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When we last read it.' }),
  }),
});

/** What a decision about its identity is made of. */
const identityColumns = {
  id: true,
  status: true,
  failure: true,
  type: true,
  currency: true,
  iban: true,
  maskedPan: true,
  otherIdentification: true,
  createdAt: true,
  lastSyncedAt: true,
} as const;

export const accountType = builder.drizzleObject('accounts', {
  name: 'Account',
  description: 'An account at a provider. It keeps its id across new consents and relinking.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id, kept for life.', resolve: ({ id }) => globalId('Account', id) }),
    name: t.exposeString('name', { description: 'What the bank calls it.' }),
    label: t.string({
      description: 'What the person calls it, else what the bank does.',
      select: { columns: { label: true, name: true } },
      resolve: ({ label, name }) => label ?? name,
    }),
    ownerName: t.exposeString('ownerName', { nullable: true, description: 'Whose it is, as the bank writes it.' }),
    product: t.exposeString('product', { nullable: true, description: 'The bank’s name of the product.' }),
    type: t.expose('type', { type: accountTypeEnum, description: 'What it is for.' }),
    usage: t.field({
      type: accountUsageEnum,
      nullable: true,
      description: 'Whose purposes it serves: as the person says, else as the bank does.',
      select: { columns: { usage: true, decidedUsage: true } },
      resolve: ({ usage, decidedUsage }) => decidedUsage ?? usage,
    }),
    status: t.expose('status', { type: accountStatusEnum, description: 'Whether it can be read.' }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why the last sync could not read it; null when it could.',
      select: { columns: { failure: true } },
      resolve: ({ failure }) => failure,
    }),
    iban: t.expose('iban', { type: 'IBAN', nullable: true, description: 'Its IBAN in full; card accounts have none.' }),
    maskedPan: t.exposeString('maskedPan', { nullable: true, description: 'The masked number of a card account.' }),
    bic: t.expose('bic', { type: 'BIC', nullable: true, description: 'The BIC of the branch that keeps it.' }),
    currency: t.expose('currency', { type: 'CurrencyCode', description: 'The currency it is kept in.' }),
    balance: t.field({
      type: moneyType,
      nullable: true,
      description: 'The balance that fits most uses: booked before available. Null before the first sync.',
      select: { columns: { balanceAmount: true, currency: true } },
      resolve: ({ balanceAmount, currency }) => (balanceAmount === null ? null : { amount: balanceAmount, currency }),
    }),
    balanceType: t.expose('balanceType', {
      type: balanceTypeEnum,
      nullable: true,
      description: 'What `balance` counts.',
    }),
    balanceAt: t.expose('balanceAt', { type: 'DateTime', nullable: true, description: 'For when `balance` holds.' }),
    balances: t.relation('balances', {
      description: 'Every balance of the last sync, one of each of the bank’s types.',
      query: { orderBy: { bankType: 'asc', currency: 'asc' } },
    }),
    coveredFromOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The first day of which transactions have been read.',
      select: { columns: { coveredFrom: true } },
      resolve: ({ coveredFrom }) => coveredFrom,
    }),
    lastSyncedAt: t.expose('lastSyncedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last read with success.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When we first saw it.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When anything of it last changed.' }),
    transactions: t.relatedConnection(
      'transactions',
      {
        nullable: true,
        authScopes: { permission: 'transactions_read' },
        description: 'Its transactions; 20 at once when `first` is absent, 500 at most. Scope: transactions_read.',
        args: transactionListArgs,
        maxSize: 500,
        query: (args) => transactionList(args),
      },
      transactionPage,
    ),
    connection: t.relation('connection', {
      nullable: true,
      authScopes: { permission: 'connections_read' },
      description: 'The connection by which it is read. Scope: connections_read.',
    }),
    channel: t.relation('channel', {
      nullable: true,
      authScopes: { permission: 'connections_read' },
      description: 'The channel by which it is read. Scope: connections_read.',
    }),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'The person whose account it is. Scope: users_read.',
    }),
  }),
});

builder.drizzleObjectField(accountType, 'mappingCandidates', (t) =>
  t.field({
    type: [accountType],
    description:
      'Where the bank lists this account no more: the accounts that it lists in its place, as far as any may be it, the ' +
      'oldest first. Let the person choose: `accountMerge`, or `accountClose` where it is none. Empty when nothing is to ' +
      'be decided.',
    // The siblings come in the statement of the account; which of them may be it is a rule, not a condition of SQL.
    select: (_args, _context, nestedSelection) => ({
      columns: identityColumns,
      with: {
        channelAccounts: nestedSelection({
          columns: identityColumns,
          orderBy: { createdAt: 'asc', id: 'asc' },
        }),
      },
    }),
    resolve: (account) => mappingCandidates(account, account.channelAccounts),
  }),
);

export const accountPage = builder.connectionObject(
  { type: accountType, name: 'AccountConnection', description: 'One page of accounts.' },
  { description: 'An account and its place in the list.' },
);
