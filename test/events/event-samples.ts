import type { EventFacts, EventType } from '../../src/domain/event.ts';
import { newId } from '../../src/kernel/id.ts';

/** When the samples happened. */
export const sampledAt = new Date('2026-11-23T08:30:00Z');
const failure = { code: 'BANK_TIMEOUT', message: 'The bank did not answer in time.' } as const;
const counts = { created: 1, updated: 2, voided: 3, unchanged: 4 };
const connectionId = newId('connection', sampledAt);
const ofChannel = { connectionId, channelId: newId('channel', sampledAt) };
const ofConsent = { ...ofChannel, consentId: newId('consent', sampledAt) };
const ofSync = { connectionId, syncId: newId('sync', sampledAt) };
const ofAccount = { ...ofSync, accountId: newId('account', sampledAt) };
const ofChallenge = {
  ...ofSync,
  challengeId: newId('challenge', sampledAt),
  kind: 'OTP',
} as const;
const categoryRuleId = newId('categoryRule', sampledAt);
const queueId = newId('queue', sampledAt);
const webhookId = newId('webhook', sampledAt);

/** The facts of one event of each type, so that a new type fails here until it is under test. */
export const samples: { readonly [Type in EventType]: EventFacts[Type] } = {
  'user.created': {},
  'user.updated': {},
  'user.deleted': {},
  'terms.accepted': { version: '2026-11' },
  'connection.created': { connectionId },
  'connection.status_changed': { connectionId, from: 'ACTIVE', to: 'ACTION_REQUIRED', failure },
  'connection.deleted': { connectionId },
  'channel.status_changed': { ...ofChannel, from: 'ACTIVE', to: 'ACTIVE' },
  'consent.requested': ofConsent,
  'consent.granted': { ...ofConsent, validUntil: '2026-12-31' },
  'consent.rejected': { ...ofConsent, failure },
  'consent.expiring': { ...ofConsent, validUntil: '2026-12-31', daysLeft: 7 },
  'consent.expired': ofConsent,
  'consent.revoked': { ...ofConsent, failure },
  'consent.replaced': ofConsent,
  'challenge.requested': ofChallenge,
  'challenge.closed': ofChallenge,
  'sync.queued': { ...ofSync, type: 'ALL', trigger: 'INITIAL' },
  'sync.started': ofSync,
  'sync.progressed': {
    ...ofSync,
    step: { position: 1, kind: 'READ_ACCOUNT', status: 'RUNNING', accountId: ofAccount.accountId, counts },
    progressPercent: 50,
  } as EventFacts['sync.progressed'],
  'sync.succeeded': { ...ofSync, counts },
  'sync.partially_succeeded': { ...ofSync, counts, failures: [{ accountId: ofAccount.accountId, failure }] },
  'sync.failed': { ...ofSync, failure },
  'sync.action_required': { ...ofSync, failure },
  'sync.cancelled': ofSync,
  'account.created': ofAccount,
  'account.updated': { ...ofAccount, changed: ['balance'] },
  'account.deleted': ofAccount,
  'transactions.changed': { ...ofAccount, counts, oldestChangedOn: '2026-11-01' },
  'transaction.updated': {
    connectionId,
    accountId: ofAccount.accountId,
    transactionId: newId('transaction', sampledAt),
    changed: ['label'],
    source: 'USER',
  },
  'category_rule.created': { categoryRuleId, categoryKey: 'GROCERIES' },
  'category_rule.deleted': { categoryRuleId, categoryKey: 'GROCERIES' },
  'queue.created': { queueId },
  'queue.deleted': { queueId },
  'webhook.created': { webhookId },
  'webhook.updated': { webhookId, changed: ['url'] },
  'webhook.secret_rotated': { webhookId },
  'webhook.tested': { webhookId },
  'webhook.disabled': { webhookId, reason: 'GONE' },
  'webhook.events_lost': { webhookId, lostAfter: 'ZXZ0OjE6MQ', lostUpTo: 'ZXZ0OjI6Mg' },
  'webhook.deleted': { webhookId },
};
