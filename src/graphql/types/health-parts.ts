import type { HealthStatus, NextStep } from '../../domain/connection-health.ts';
import type { ChannelKind, ChannelStatus, NextSyncReason } from '../../domain/connection.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import type { BudgetState } from '../../domain/unattended-budget.ts';
import { builder } from '../builder.ts';
import type { ProviderRecord } from '../compile/provider-record.ts';
import { failureInterface } from '../failures.ts';
import { describeEnum } from './describe-enum.ts';
import { channelKindEnum, channelStatusEnum } from './enums.ts';
import { failureActorEnum, recoveryActionEnum } from './failure-enums.ts';

export const healthStatusEnum = describeEnum<HealthStatus>('HealthStatus', 'How a connection is, in one word.', {
  HEALTHY: 'Its data is fresh.',
  DEGRADED: 'Its data is stale or incomplete, or one of its channels waits; `failure` tells why.',
  BROKEN: 'Nothing more comes until somebody acts; `nextStep` tells who and how.',
  UNKNOWN: 'Nothing has been read yet.',
});

const nextSyncReasonEnum = describeEnum<NextSyncReason>('NextSyncReason', 'Why a sync is planned for when it is.', {
  DAILY: 'It is the connection’s time of day, in the morning at the bank.',
  RETRY: 'The last one failed for a reason that passes.',
  BUDGET: 'It was due earlier, but the bank allows no more calls without the person until then.',
});

export interface PlannedSync {
  readonly at: Date;
  readonly reason: NextSyncReason;
}

export const plannedSyncType = builder.objectRef<PlannedSync>('PlannedSync').implement({
  description: 'The next sync that runs by itself.',
  fields: (t) => ({
    plannedAt: t.field({ type: 'DateTime', description: 'When it begins.', resolve: ({ at }) => at }),
    reason: t.field({ type: nextSyncReasonEnum, description: 'Why then.', resolve: ({ reason }) => reason }),
  }),
});

export const nextStepType = builder.objectRef<NextStep>('NextStep').implement({
  description: 'What is to be done so that data flows again.',
  fields: (t) => ({
    action: t.field({ type: recoveryActionEnum, description: 'What.', resolve: ({ action }) => action }),
    actor: t.field({ type: failureActorEnum, description: 'Who must do it.', resolve: ({ actor }) => actor }),
    mutation: t.exposeString('mutation', {
      nullable: true,
      description:
        'The name of the mutation that begins it, or, where `action` is ACT_AT_BANK, that follows it; null where there is none.',
    }),
    url: t.field({
      type: 'URL',
      nullable: true,
      description: 'The page to send the person to: the bank’s, where he confirms or acts. Null where there is none.',
      resolve: ({ url }) => url,
    }),
  }),
});

const budgetType = builder.objectRef<BudgetState>('UnattendedBudget').implement({
  description: 'How often the bank may still be asked while the person is away. With him present nothing counts.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Calls that the bank allows in a day, of each thing that it counts.' }),
    remaining: t.exposeInt('remaining', { description: 'Calls that are left now, of the thing that has least.' }),
    resetsAt: t.expose('resetsAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When there are more again; null while none is spent.',
    }),
  }),
});

export interface ChannelHealth {
  readonly kind: ChannelKind;
  readonly status: ChannelStatus;
  readonly failure: FailureRecord | null;
  readonly lastSyncedAt: Date | null;
  readonly validUntil: string | null;
  readonly daysLeft: number | null;
  readonly authorizationUrl: string | null;
  readonly budget: BudgetState;
}

export const channelHealthType = builder.objectRef<ChannelHealth>('ChannelHealth').implement({
  description: 'One channel’s part in the health of its connection.',
  fields: (t) => ({
    kind: t.field({ type: channelKindEnum, description: 'How it reaches the provider.', resolve: ({ kind }) => kind }),
    status: t.field({
      type: channelStatusEnum,
      description: 'Whether it can be read.',
      resolve: ({ status }) => status,
    }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why it cannot be read; null when it can.',
      resolve: ({ failure }) => failure,
    }),
    lastSyncedAt: t.expose('lastSyncedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last read with success.',
    }),
    validUntilOn: t.field({
      type: 'Date',
      nullable: true,
      description: 'The last day of the consent that opens it; null without one.',
      resolve: ({ validUntil }) => validUntil,
    }),
    consentDaysLeft: t.int({
      nullable: true,
      description: 'Days until then at the bank; 0 on the day itself. Null without a consent.',
      resolve: ({ daysLeft }) => daysLeft,
    }),
    authorizationUrl: t.expose('authorizationUrl', {
      type: 'URL',
      nullable: true,
      description: 'The bank’s page of a new consent that waits for the person; null when none does.',
    }),
    budget: t.field({
      type: budgetType,
      description: 'What is left of the calls without the person.',
      resolve: ({ budget }) => budget,
    }),
  }),
});

export interface ProviderState extends ProviderRecord {
  readonly isEnabled: boolean;
}

export const providerStateType = builder.objectRef<ProviderState>('ProviderState').implement({
  description: 'How the provider does, by the connections of your own client to it.',
  fields: (t) => ({
    isEnabled: t.exposeBoolean('isEnabled', { description: 'False while the operator has switched it off.' }),
    syncCountLastHour: t.int({
      description: 'How many syncs of all these connections ended within the last hour.',
      resolve: ({ syncCount }) => syncCount,
    }),
    failedSyncCountLastHour: t.int({
      description: 'How many of them failed, in whole or in part, because of the bank or our way to it.',
      resolve: ({ failedCount }) => failedCount,
    }),
    lastFailedAt: t.expose('lastFailedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last of those failed; null when none did.',
    }),
  }),
});
