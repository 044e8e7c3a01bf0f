import {
  healthFailure,
  healthStatus,
  nextStepOf,
  staleSince,
  type HealthFacts,
} from '../../domain/connection-health.ts';
import type { ChallengeDetails } from '../../domain/challenge.ts';
import type { ChannelKind, ChannelStatus, ConsentStatus } from '../../domain/connection.ts';
import type { FailureRecord } from '../../domain/failure.ts';
import type { ChallengeKind } from '../../domain/sync.ts';
import {
  budgetRule,
  budgetState,
  toSpentCalls,
  type BudgetScope,
  type BudgetWindow,
} from '../../domain/unattended-budget.ts';
import { dateIn, daysBetween } from '../../kernel/calendar-date.ts';
import { builder } from '../builder.ts';
import { providerRecord } from '../compile/provider-record.ts';
import { failureInterface } from '../failures.ts';
import { connectionType } from './connection.ts';
import {
  channelHealthType,
  healthStatusEnum,
  nextStepType,
  plannedSyncType,
  providerStateType,
  type ChannelHealth,
} from './health-parts.ts';
import { syncType } from './sync.ts';

/** A consent that gives access, or may soon. */
const openStatuses: ConsentStatus[] = ['PENDING', 'ACTIVE', 'EXPIRING'];

interface ConsentFacts {
  readonly status: ConsentStatus;
  readonly validUntil: string;
  readonly frequencyPerDay: number;
  readonly authorizationUrl: string | null;
}

interface ChannelFacts {
  readonly kind: ChannelKind;
  readonly status: ChannelStatus;
  readonly failure: FailureRecord | null;
  readonly lastSyncedAt: Date | null;
  readonly definition: {
    readonly unattendedCallsPerDay: number;
    readonly budgetScope: BudgetScope;
    readonly budgetWindow: BudgetWindow;
    readonly timeZone: string;
    readonly quirks: Readonly<Record<string, unknown>>;
    readonly isEnabled: boolean;
  };
  readonly unattendedCalls: readonly Parameters<typeof toSpentCalls>[0][];
  readonly consents: readonly ConsentFacts[];
}

type Derived =
  | 'isAnyChannelReadable'
  | 'isProviderEnabled'
  | 'isPersonNeeded'
  | 'openChallenge'
  | 'isRedirectAwaited'
  | 'isConsentExpiring'
  | 'isMappingRequired';

interface ConnectionFacts extends Omit<HealthFacts, Derived> {
  readonly provider: { readonly isEnabled: boolean; readonly websiteUrl: string | null };
  readonly channels: readonly ChannelFacts[];
  readonly waitingSync: { readonly openChallenge: ChallengeFacts | null } | null;
  readonly missingAccounts: readonly { readonly failure: FailureRecord | null }[];
}

interface ChallengeFacts {
  readonly kind: ChallengeKind;
  readonly details: ChallengeDetails;
}

function openChallengeOf({ waitingSync }: ConnectionFacts): HealthFacts['openChallenge'] {
  const open = waitingSync?.openChallenge;
  return open ? { kind: open.kind, url: 'url' in open.details ? open.details.url : null } : null;
}

function factsOf(row: ConnectionFacts): HealthFacts {
  const consents = row.channels.flatMap((channel) => channel.consents);
  return {
    ...row,
    isAnyChannelReadable: row.channels.some(({ status }) => status === 'ACTIVE' || status === 'ERROR'),
    isProviderEnabled: row.provider.isEnabled && row.channels.every(({ definition }) => definition.isEnabled),
    isPersonNeeded: isPersonNeeded(row.channels),
    openChallenge: openChallengeOf(row),
    isRedirectAwaited: row.channels.some(
      ({ status, consents: ofChannel }) => status === 'AUTHORIZING' && ofChannel.some(isWaiting),
    ),
    isConsentExpiring: consents.some(({ status }) => status === 'EXPIRING'),
    isMappingRequired: row.missingAccounts.some(({ failure }) => failure?.code === 'ACCOUNT_MAPPING_REQUIRED'),
  };
}

/** Whether no channel may be asked while the person is away. */
function isPersonNeeded(channels: readonly ChannelFacts[]): boolean {
  const used = channels.filter(({ status }) => status !== 'EMPTY');
  return used.length > 0 && used.every(({ definition }) => budgetRule(definition, null).limit === 0);
}

function channelHealth({ definition, consents, unattendedCalls, ...channel }: ChannelFacts, now: Date): ChannelHealth {
  const living = consents.find(({ status }) => status !== 'PENDING');
  const pending = consents.find(({ status }) => status === 'PENDING');
  const rule = budgetRule(definition, living?.frequencyPerDay ?? null);
  return {
    ...channel,
    validUntil: living?.validUntil ?? null,
    daysLeft: living ? daysBetween(dateIn(definition.timeZone, now), living.validUntil) : null,
    authorizationUrl: pending?.authorizationUrl ?? null,
    budget: budgetState(rule, unattendedCalls.map(toSpentCalls), now),
  };
}

const healthType = builder.drizzleObject('connections', {
  variant: 'ConnectionHealth',
  description: 'Whether the data of a connection is fresh; if not, since when, why, and who must do what.',
  // It comes with the connections, in their statement.
  select: {
    columns: {
      id: true,
      status: true,
      lastSyncStatus: true,
      failure: true,
      lastSyncedAt: true,
      createdAt: true,
      nextSyncAt: true,
      nextSyncReason: true,
      providerId: true,
    },
    with: {
      provider: { columns: { isEnabled: true, websiteUrl: true } },
      waitingSync: { columns: { id: true }, with: { openChallenge: { columns: { kind: true, details: true } } } },
      missingAccounts: { columns: { failure: true } },
      channels: {
        columns: { kind: true, status: true, failure: true, lastSyncedAt: true },
        orderBy: { kind: 'asc' },
        with: {
          definition: {
            columns: {
              unattendedCallsPerDay: true,
              budgetScope: true,
              budgetWindow: true,
              timeZone: true,
              quirks: true,
              isEnabled: true,
            },
          },
          unattendedCalls: { columns: { group: true, calledAt: true, blockedUntil: true } },
          consents: {
            columns: { status: true, validUntil: true, frequencyPerDay: true, authorizationUrl: true },
            where: { status: { in: openStatuses } },
            orderBy: { createdAt: 'desc' },
          },
        },
      },
    },
  },
  fields: (t) => ({
    status: t.field({
      type: healthStatusEnum,
      description: 'How it is, in one word.',
      resolve: (row, _args, { actions }) => healthStatus(factsOf(row), actions.clock.now()),
    }),
    isStale: t.boolean({
      description: 'True when nothing was read with success for 30 hours: a day, and some leeway.',
      resolve: (row, _args, { actions }) => staleSince(factsOf(row), actions.clock.now()) !== null,
    }),
    staleSinceAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when the data is stale; null while it is not. What was never read is so from the beginning.',
      resolve: (row, _args, { actions }) => staleSince(factsOf(row), actions.clock.now()),
    }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description:
        'Why: what the bank waits for from the person, what else stands in the way, or what soon will (CONSENT_EXPIRING). Null when all is well.',
      resolve: (row, _args, { actions }) => healthFailure(factsOf(row), actions.clock.now()),
    }),
    nextStep: t.field({
      type: nextStepType,
      nullable: true,
      description:
        'What is to be done about it, and by whom; null when nothing is. What challengeAnswer wants is the `challenge` of the first of `lastSyncs`.',
      resolve: (row, _args, { actions }) =>
        nextStepOf(healthFailure(factsOf(row), actions.clock.now()), {
          authorizationUrl: row.channels.flatMap(({ consents }) => consents).find(isWaiting)?.authorizationUrl ?? null,
          websiteUrl: row.provider.websiteUrl,
          openChallenge: openChallengeOf(row),
          isSyncPlanned: row.nextSyncAt !== null,
        }),
    }),
    lastSyncs: t.relation('lastSyncs', {
      type: syncType,
      description: 'The last five syncs, the newest first.',
      query: { orderBy: { requestedAt: 'desc', id: 'desc' }, limit: 5 },
    }),
    nextPlannedSync: t.field({
      type: plannedSyncType,
      nullable: true,
      description: 'The next sync that runs by itself; null when none is planned, or its bank answers the person only.',
      resolve: ({ nextSyncAt, nextSyncReason, channels }) =>
        nextSyncAt && !isPersonNeeded(channels) ? { at: nextSyncAt, reason: nextSyncReason ?? 'DAILY' } : null,
    }),
    channels: t.field({
      type: [channelHealthType],
      description: 'Its channels, each with its consent and its budget.',
      resolve: ({ channels }, _args, { actions }) => channels.map((one) => channelHealth(one, actions.clock.now())),
    }),
    provider: t.field({
      type: providerStateType,
      description: 'How the provider does just now.',
      resolve: async ({ provider, providerId }, _args, context) => ({
        ...(await providerRecord(context, providerId)),
        isEnabled: provider.isEnabled,
      }),
    }),
  }),
});

function isWaiting({ status, authorizationUrl }: ConsentFacts): boolean {
  return status === 'PENDING' && authorizationUrl !== null;
}

builder.drizzleObjectField(connectionType, 'health', (t) =>
  t.variant(healthType, {
    description: 'Whether its data is fresh; if not, since when, why, and who must do what.',
  }),
);
