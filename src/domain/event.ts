import type {
  AccountId,
  CategoryRuleId,
  ChallengeId,
  ChannelId,
  ClientId,
  ConnectionId,
  ConsentId,
  EventId,
  QueueId,
  SyncId,
  TransactionId,
  UserId,
  WebhookId,
} from '../kernel/id.ts';
import type { ChannelStatus, ConnectionStatus } from './connection.ts';
import type { FailureRecord } from './failure.ts';
import type { ChallengeKind, ChangeCounts, SyncStepKind, SyncStepStatus, SyncTrigger, SyncType } from './sync.ts';
import type { DecisionSource } from './transaction.ts';
import type { WebhookDisabledReason } from './webhook.ts';

interface OfConnection {
  readonly connectionId: ConnectionId;
}
interface OfConsent extends OfConnection {
  readonly channelId: ChannelId;
  readonly consentId: ConsentId;
}
interface OfSync extends OfConnection {
  readonly syncId: SyncId;
}
interface OfAccount extends OfConnection {
  readonly accountId: AccountId;
  readonly syncId?: SyncId;
}
interface OfCategoryRule {
  readonly categoryRuleId: CategoryRuleId;
  readonly categoryKey: string;
}
interface OfQueue {
  readonly queueId: QueueId;
}
interface OfWebhook {
  readonly webhookId: WebhookId;
}

/** One step of a sync as a subscriber sees it. */
export interface StepFacts {
  readonly position: number;
  readonly kind: SyncStepKind;
  readonly status: SyncStepStatus;
  /** The account that a READ_ACCOUNT step reads. */
  readonly accountId?: AccountId;
  readonly counts?: ChangeCounts;
  readonly failure?: FailureRecord;
}

/**
 * The event catalogue: the facts that each event carries, besides the envelope. Facts are ids and counts, never bank
 * data or secrets, so the log may be kept longer than what it speaks of. src/events/README.md is its manual.
 */
export interface EventFacts {
  'user.created': Record<never, never>;
  'user.updated': Record<never, never>;
  'user.deleted': Record<never, never>;
  /** The person accepted this version of the client's terms. */
  'terms.accepted': { readonly version: string };
  'connection.created': OfConnection;
  'connection.status_changed': OfConnection & {
    readonly from: ConnectionStatus;
    readonly to: ConnectionStatus;
    readonly failure?: FailureRecord;
  };
  'connection.deleted': OfConnection;
  'channel.status_changed': OfConnection & {
    readonly channelId: ChannelId;
    readonly from: ChannelStatus;
    readonly to: ChannelStatus;
    readonly failure?: FailureRecord;
  };
  'consent.requested': OfConsent;
  'consent.granted': OfConsent & { readonly validUntil: string };
  'consent.rejected': OfConsent & { readonly failure: FailureRecord };
  /** `daysLeft` until its last day, on which it is 0. */
  'consent.expiring': OfConsent & { readonly validUntil: string; readonly daysLeft: number };
  'consent.expired': OfConsent;
  'consent.revoked': OfConsent & { readonly failure: FailureRecord };
  'consent.replaced': OfConsent;
  'challenge.requested': OfSync & { readonly challengeId: ChallengeId; readonly kind: ChallengeKind };
  'challenge.closed': OfSync & { readonly challengeId: ChallengeId; readonly kind: ChallengeKind };
  'sync.queued': OfSync & { readonly type: SyncType; readonly trigger: SyncTrigger };
  'sync.started': OfSync;
  /** A step began, went on or ended; `progressPercent` is that of the whole sync. */
  'sync.progressed': OfSync & { readonly step: StepFacts; readonly progressPercent: number };
  'sync.succeeded': OfSync & { readonly counts: ChangeCounts };
  'sync.partially_succeeded': OfSync & {
    readonly counts: ChangeCounts;
    readonly failures: readonly { readonly accountId: AccountId; readonly failure: FailureRecord }[];
  };
  'sync.failed': OfSync & { readonly failure: FailureRecord };
  'sync.action_required': OfSync & { readonly failure: FailureRecord };
  'sync.cancelled': OfSync;
  'account.created': OfAccount;
  'account.updated': OfAccount & { readonly changed: readonly string[] };
  'account.deleted': OfAccount;
  /** The transactions of one account changed; `oldestChangedOn` is the earliest booking day among them. */
  'transactions.changed': OfAccount & { readonly counts: ChangeCounts; readonly oldestChangedOn: string | null };
  'transaction.updated': OfConnection & {
    readonly accountId: AccountId;
    readonly transactionId: TransactionId;
    readonly changed: readonly string[];
    readonly source: DecisionSource;
  };
  'category_rule.created': OfCategoryRule;
  'category_rule.deleted': OfCategoryRule;
  'queue.created': OfQueue;
  'queue.deleted': OfQueue;
  'webhook.created': OfWebhook;
  'webhook.updated': OfWebhook & { readonly changed: readonly string[] };
  'webhook.secret_rotated': OfWebhook;
  'webhook.tested': OfWebhook;
  'webhook.disabled': OfWebhook & { readonly reason: WebhookDisabledReason };
  /** Of what stands in the log after the one cursor and up to the other, events are no longer kept. */
  'webhook.events_lost': OfWebhook & { readonly lostAfter: string; readonly lostUpTo: string };
  'webhook.deleted': OfWebhook;
}

export type EventType = keyof EventFacts;

/** Events about what a client has set up: in its own stream, or in that of the user for whom it was set up. */
export type SetUpEventType = Extract<EventType, `category_rule.${string}` | `queue.${string}` | `webhook.${string}`>;

type OfType<Type extends EventType> = {
  [Each in Type]: { readonly type: Each; readonly facts: EventFacts[Each] };
}[Type];

/** An event before it has a place in the log. */
export type NewEvent = OfType<EventType>;

/** An event that may stand in a client's own stream. */
export type NewSetUpEvent = OfType<SetUpEventType>;

/** What every committed event says of itself. */
export interface EventEnvelope {
  readonly id: EventId;
  readonly clientId: ClientId;
  /** Whose stream it is in; null for the client's own. */
  readonly userId: UserId | null;
  /** Number of the event in its stream, the user's or the client's own: 1, 2, 3, without a gap. */
  readonly sequence: bigint;
  /** Opaque place in the log: reading after it gives the events that follow, in the user's or the client's stream. */
  readonly cursor: string;
  readonly occurredAt: Date;
}

/** A committed event. */
export type LoggedEvent =
  | (OfType<Exclude<EventType, SetUpEventType>> & EventEnvelope & { readonly userId: UserId })
  | (NewSetUpEvent & EventEnvelope);

/**
 * A committed event of a type that this process does not know, because a newer one wrote it: while an installation is
 * upgraded its readers pass such events on, so that nobody's stream has a hole.
 */
export interface UnknownEvent extends EventEnvelope {
  readonly type: 'unknown';
  /** The type as it stands in the log. */
  readonly name: string;
  readonly facts: { readonly connectionId: ConnectionId | null };
}

/** Whatever the log holds. */
export type LogEntry = LoggedEvent | UnknownEvent;

/** Every type of event, and the connection-bound families that have a subscription of their own. */
export const eventTypes = [
  'user.created',
  'user.updated',
  'user.deleted',
  'terms.accepted',
  'connection.created',
  'connection.status_changed',
  'connection.deleted',
  'channel.status_changed',
  'consent.requested',
  'consent.granted',
  'consent.rejected',
  'consent.expiring',
  'consent.expired',
  'consent.revoked',
  'consent.replaced',
  'challenge.requested',
  'challenge.closed',
  'sync.queued',
  'sync.started',
  'sync.progressed',
  'sync.succeeded',
  'sync.partially_succeeded',
  'sync.failed',
  'sync.action_required',
  'sync.cancelled',
  'account.created',
  'account.updated',
  'account.deleted',
  'transactions.changed',
  'transaction.updated',
  'category_rule.created',
  'category_rule.deleted',
  'queue.created',
  'queue.deleted',
  'webhook.created',
  'webhook.updated',
  'webhook.secret_rotated',
  'webhook.tested',
  'webhook.disabled',
  'webhook.events_lost',
  'webhook.deleted',
] as const satisfies readonly EventType[];

/** What `syncEvents` streams: all that a sync does, from queued to its end, with what it changed. */
export const syncEventTypes = [
  'sync.queued',
  'sync.started',
  'sync.progressed',
  'sync.succeeded',
  'sync.partially_succeeded',
  'sync.failed',
  'sync.action_required',
  'sync.cancelled',
  'challenge.requested',
  'challenge.closed',
  'account.created',
  'account.updated',
  'transactions.changed',
] as const satisfies readonly EventType[];

/** What `consentEvents` streams. */
export const consentEventTypes = [
  'consent.requested',
  'consent.granted',
  'consent.rejected',
  'consent.expiring',
  'consent.expired',
  'consent.revoked',
  'consent.replaced',
] as const satisfies readonly EventType[];

/** True when the text is the type of an event. */
export function isEventType(text: string): text is EventType {
  return known.has(text);
}

const known: ReadonlySet<string> = new Set(eventTypes);
