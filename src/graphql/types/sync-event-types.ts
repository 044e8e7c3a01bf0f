import type { EventType, StepFacts } from '../../domain/event.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import { scopeOfRow, type UserScope } from '../../domain/viewer.ts';
import { builder } from '../builder.ts';
import { columnsOfUser, loadAccount, loadChallenge, loadSync, loadTransaction } from '../event-finders.ts';
import { failureInterface } from '../failures.ts';
import { accountType } from './account.ts';
import { accountEventInterfaces, eventTypeName, syncEventInterfaces, type EventOf } from './event.ts';
import { changeCountsType, syncType } from './sync.ts';
import { syncStepKindEnum, syncStepStatusEnum, syncTriggerEnum, syncTypeEnum } from './sync-enums.ts';
import { challengeInterface, challengeKindEnum } from './challenge.ts';
import { transactionType } from './transaction.ts';
import { decisionSourceEnum } from './transaction-enums.ts';

function eventRef<Type extends EventType>(type: Type) {
  return builder.objectRef<EventOf<Type>>(eventTypeName(type));
}

const syncEvents: readonly (readonly ['sync.started' | 'sync.cancelled', string])[] = [
  ['sync.started', 'A worker has taken a sync up.'],
  ['sync.cancelled', 'A sync was ended on request.'],
];
for (const [type, description] of syncEvents) {
  eventRef(type).implement({ description, interfaces: [...syncEventInterfaces] });
}

eventRef('sync.queued').implement({
  description: 'A sync was asked for and waits for its turn.',
  interfaces: [...syncEventInterfaces],
  fields: (t) => ({
    type: t.field({ type: syncTypeEnum, description: 'What it will read.', resolve: ({ facts }) => facts.type }),
    trigger: t.field({
      type: syncTriggerEnum,
      description: 'Why it was asked for.',
      resolve: ({ facts }) => facts.trigger,
    }),
  }),
});

const challengeEvents: readonly (readonly ['challenge.requested' | 'challenge.closed', string])[] = [
  ['challenge.requested', 'The bank asks the person something; the sync waits for the answer.'],
  ['challenge.closed', 'A question of the bank was answered, or is no longer asked.'],
];
for (const [type, description] of challengeEvents) {
  eventRef(type).implement({
    description,
    interfaces: [...syncEventInterfaces],
    fields: (t) => ({
      kind: t.field({ type: challengeKindEnum, description: 'What is asked.', resolve: ({ facts }) => facts.kind }),
      challenge: t.drizzleField({
        type: challengeInterface,
        nullable: true,
        authScopes: { permission: 'connections_read' },
        description: 'The challenge as it is now; null once its connection is deleted. Scope: connections_read.',
        resolve: (query, event, _args, context, info) =>
          loadChallenge(context, info, event, event.facts.challengeId, query({ columns: columnsOfUser })),
      }),
    }),
  });
}

/** A step's facts, and whose they are. */
interface StepOfUser extends StepFacts {
  readonly scope: UserScope;
}

const stepType = builder.objectRef<StepOfUser>('SyncStepProgress').implement({
  description: 'A step of a sync as it was when the event happened.',
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Its number in the order in which steps run, from 1.' }),
    kind: t.expose('kind', { type: syncStepKindEnum, description: 'What it does.' }),
    status: t.expose('status', { type: syncStepStatusEnum, description: 'How far it is.' }),
    account: t.drizzleField({
      type: accountType,
      nullable: true,
      authScopes: { permission: 'accounts_read' },
      description: 'The account that a READ_ACCOUNT step reads; null once deleted. Scope: accounts_read.',
      resolve: (query, { accountId, scope }, _args, context, info) =>
        accountId ? loadAccount(context, info, scope, accountId, query({ columns: columnsOfUser })) : null,
    }),
    counts: t.field({
      type: changeCountsType,
      nullable: true,
      description: 'What it has done to the transactions so far.',
      resolve: ({ counts }) => counts ?? null,
    }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why it failed; null otherwise.',
      resolve: ({ failure }): FailureRecord | null => failure ?? null,
    }),
  }),
});

eventRef('sync.progressed').implement({
  description: 'A step of a sync began, went on or ended.',
  interfaces: [...syncEventInterfaces],
  fields: (t) => ({
    progressPercent: t.int({ description: 'The whole sync, 0 to 100.', resolve: ({ facts }) => facts.progressPercent }),
    step: t.field({
      type: stepType,
      description: 'The step.',
      resolve: ({ facts, ...owner }) => ({ ...facts.step, scope: scopeOfRow(owner) }),
    }),
  }),
});

eventRef('sync.succeeded').implement({
  description: 'Every account was read.',
  interfaces: [...syncEventInterfaces],
  fields: (t) => ({
    counts: t.field({
      type: changeCountsType,
      description: 'What the sync did to the transactions of all accounts.',
      resolve: ({ facts }) => facts.counts,
    }),
  }),
});

interface AccountFailure {
  readonly accountId: EventOf<'account.created'>['facts']['accountId'];
  readonly failure: FailureRecord;
  readonly scope: UserScope;
}

const unreadAccountType = builder.objectRef<AccountFailure>('UnreadAccount').implement({
  description: 'An account that a sync could not read.',
  fields: (t) => ({
    account: t.drizzleField({
      type: accountType,
      nullable: true,
      authScopes: { permission: 'accounts_read' },
      description: 'The account; null once deleted. Scope: accounts_read.',
      resolve: (query, { accountId, scope }, _args, context, info) =>
        loadAccount(context, info, scope, accountId, query({ columns: columnsOfUser })),
    }),
    failure: t.field({ type: failureInterface, description: 'Why.', resolve: ({ failure }) => failure }),
  }),
});

eventRef('sync.partially_succeeded').implement({
  description: 'Some accounts were read, others not.',
  interfaces: [...syncEventInterfaces],
  fields: (t) => ({
    counts: t.field({
      type: changeCountsType,
      description: 'What the sync did to the transactions of the accounts that were read.',
      resolve: ({ facts }) => facts.counts,
    }),
    unreadAccounts: t.field({
      type: [unreadAccountType],
      description: 'The accounts that were not read, and why.',
      resolve: ({ facts, ...owner }) => facts.failures.map((failed) => ({ ...failed, scope: scopeOfRow(owner) })),
    }),
  }),
});

const failedSyncEvents: readonly (readonly ['sync.failed' | 'sync.action_required', string])[] = [
  ['sync.failed', 'No account was read.'],
  ['sync.action_required', 'A sync ended because the person must act.'],
];
for (const [type, description] of failedSyncEvents) {
  eventRef(type).implement({
    description,
    interfaces: [...syncEventInterfaces],
    fields: (t) => ({
      failure: t.field({
        type: failureInterface,
        description: 'Why, who must act, and how.',
        resolve: ({ facts }) => facts.failure,
      }),
    }),
  });
}

eventRef('transactions.changed').implement({
  description: 'Transactions of one account were created, updated or voided by a sync.',
  interfaces: [...accountEventInterfaces],
  fields: (t) => ({
    counts: t.field({ type: changeCountsType, description: 'How many.', resolve: ({ facts }) => facts.counts }),
    oldestChangedOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The earliest booking day among them: read again from there. Null when nothing changed.',
      resolve: ({ facts }) => facts.oldestChangedOn,
    }),
    sync: t.drizzleField({
      type: syncType,
      nullable: true,
      authScopes: { permission: 'connections_read' },
      description: 'The sync that did it. Scope: connections_read.',
      resolve: (query, event, _args, context, info) =>
        event.facts.syncId
          ? loadSync(context, info, event, event.facts.syncId, query({ columns: columnsOfUser }))
          : null,
    }),
  }),
});

eventRef('transaction.updated').implement({
  description: 'Somebody or a rule changed one transaction, such as its category.',
  interfaces: [...accountEventInterfaces],
  fields: (t) => ({
    changed: t.stringList({
      description: 'The names of the fields that changed.',
      resolve: ({ facts }) => facts.changed,
    }),
    source: t.field({ type: decisionSourceEnum, description: 'Who decided.', resolve: ({ facts }) => facts.source }),
    transaction: t.drizzleField({
      type: transactionType,
      nullable: true,
      authScopes: { permission: 'transactions_read' },
      description: 'The transaction as it is now; null once deleted. Scope: transactions_read.',
      resolve: (query, event, _args, context, info) =>
        loadTransaction(context, info, event, event.facts.transactionId, query({ columns: columnsOfUser })),
    }),
  }),
});
