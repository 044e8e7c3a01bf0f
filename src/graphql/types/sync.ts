import type { ChangeCounts } from '../../domain/sync.ts';
import { builder } from '../builder.ts';
import { failureInterface } from '../failures.ts';
import { globalId } from '../global-id.ts';
import { challengeInterface } from './challenge.ts';
import { syncStatusEnum, syncStepKindEnum, syncStepStatusEnum, syncTriggerEnum, syncTypeEnum } from './sync-enums.ts';

export const changeCountsType = builder.objectRef<ChangeCounts>('ChangeCounts').implement({
  description: 'What reading did to the transactions that we keep.',
  fields: (t) => ({
    created: t.exposeInt('created', { description: 'How many are new.' }),
    updated: t.exposeInt('updated', { description: 'How many have changed.' }),
    voided: t.exposeInt('voided', { description: 'How many the bank no longer shows.' }),
    unchanged: t.exposeInt('unchanged', { description: 'How many were as we knew them.' }),
  }),
});

builder.drizzleObject('syncSteps', {
  name: 'SyncStep',
  description: 'One step of a sync.',
  select: { columns: { position: true } },
  fields: (t) => ({
    position: t.exposeInt('position', { description: 'Its number in the order in which steps run, from 1.' }),
    kind: t.expose('kind', { type: syncStepKindEnum, description: 'What it does.' }),
    status: t.expose('status', { type: syncStepStatusEnum, description: 'How far it is.' }),
    counts: t.field({
      type: changeCountsType,
      description: 'What it did to the transactions.',
      select: { columns: { counts: true } },
      resolve: ({ counts }) => counts,
    }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why it failed; null otherwise.',
      select: { columns: { failure: true } },
      resolve: ({ failure }) => failure,
    }),
    account: t.relation('account', {
      nullable: true,
      authScopes: { permission: 'accounts_read' },
      description: 'The account that a READ_ACCOUNT step reads. Scope: accounts_read.',
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
  }),
});

export const syncType = builder.drizzleObject('syncs', {
  name: 'Sync',
  description: 'One run over a connection. A connection has at most one that is open.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the run.', resolve: ({ id }) => globalId('Sync', id) }),
    type: t.expose('type', { type: syncTypeEnum, description: 'What it reads.' }),
    trigger: t.expose('trigger', { type: syncTriggerEnum, description: 'Why it was started.' }),
    status: t.expose('status', { type: syncStatusEnum, description: 'How far it is, or how it ended.' }),
    progressPercent: t.exposeInt('progressPercent', { description: 'From 0 to 100.' }),
    counts: t.field({
      type: changeCountsType,
      description: 'What it did to the transactions of all accounts.',
      select: { columns: { counts: true } },
      resolve: ({ counts }) => counts,
    }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why it failed or what the person must do; null otherwise.',
      select: { columns: { failure: true } },
      resolve: ({ failure }) => failure,
    }),
    requestedAt: t.expose('requestedAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    steps: t.relation('steps', {
      description: 'Its steps, in the order in which they run.',
      query: { orderBy: { position: 'asc' } },
    }),
    challenge: t.relation('openChallenge', {
      type: challengeInterface,
      nullable: true,
      description: 'What the bank waits for; null unless the sync waits for the person.',
    }),
    challenges: t.relation('challenges', {
      type: challengeInterface,
      description: 'What the bank has asked, the oldest first.',
      query: { orderBy: { createdAt: 'asc', id: 'asc' } },
    }),
    connection: t.relation('connection', { description: 'The connection that it runs over.' }),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'The person whose connection it is. Scope: users_read.',
    }),
  }),
});

export const syncPage = builder.connectionObject(
  { type: syncType, name: 'SyncConnection', description: 'One page of syncs.' },
  { description: 'A sync and its place in the list.' },
);
