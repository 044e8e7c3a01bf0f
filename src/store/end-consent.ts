import type { ConsentStatus } from '../domain/connection.ts';
import type { NewEvent } from '../domain/event.ts';
import { Failure, type FailureRecord } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import type { ChannelId, ConnectionId, ConsentId } from '../kernel/id.ts';
import { isReadable, listChannels, updateChannel } from './channels.ts';
import { findConnection, updateConnection } from './connections.ts';
import { findLivingConsent, updateConsent, type ConsentRow } from './consents.ts';
import type { UserTransaction } from './log.ts';

type EndOfConsent =
  | { readonly status: 'REPLACED'; readonly successorId: ConsentId }
  | { readonly status: ConsentStatus & ('EXPIRED' | 'REVOKED' | 'REJECTED'); readonly code: FailureCode };

/**
 * Ends a consent here, for good: its record keeps how and when, and nothing by which it could still be used. When the
 * channel has no other that gives access it stands still until the person acts, and its connection with it.
 */
export async function endConsent(
  transaction: UserTransaction,
  consent: ConsentRow,
  end: EndOfConsent,
  now: Date,
): Promise<void> {
  const { tx, scope, append } = transaction;
  const { id: consentId, connectionId, channelId } = consent;
  const failure = end.status === 'REPLACED' ? null : new Failure(end.code).toRecord();
  await updateConsent(scope, tx, consentId, {
    status: end.status,
    failure,
    ...(end.status === 'REPLACED' ? { successorId: end.successorId } : {}),
    stateHash: null,
    authorizationUrl: null,
    sealedSession: null,
    remindAt: null,
    endedAt: now,
    updatedAt: now,
  });
  await append(now, eventOf({ connectionId, channelId, consentId }, end, failure));
  if (!failure || (await findLivingConsent(scope, tx, channelId))) return;
  await requireAction(transaction, consent, failure, now);
}

function eventOf(
  ids: { readonly connectionId: ConnectionId; readonly channelId: ChannelId; readonly consentId: ConsentId },
  end: EndOfConsent,
  failure: FailureRecord | null,
): NewEvent {
  if (end.status === 'REPLACED') return { type: 'consent.replaced', facts: ids };
  const why = failure ?? new Failure(end.code).toRecord();
  const events = {
    EXPIRED: { type: 'consent.expired', facts: ids },
    REVOKED: { type: 'consent.revoked', facts: { ...ids, failure: why } },
    REJECTED: { type: 'consent.rejected', facts: { ...ids, failure: why } },
  } as const satisfies Record<typeof end.status, NewEvent>;
  return events[end.status];
}

/**
 * Channel and connection wait for the person, and say why; no sync is planned that could only fail. Another channel of
 * the connection goes on.
 */
async function requireAction(
  { tx, scope, append }: UserTransaction,
  { connectionId, channelId }: ConsentRow,
  failure: FailureRecord,
  now: Date,
): Promise<void> {
  const to = 'ACTION_REQUIRED';
  const [channel] = await listChannels(scope, tx, { connectionId, channelId });
  // A channel whose accounts are all gone asks nothing of anybody.
  if (!channel || channel.status === 'EMPTY') return;
  await updateChannel(scope, tx, channelId, { status: to, failure, updatedAt: now });
  if (channel.status !== to) {
    const facts = { connectionId, channelId, from: channel.status, to, failure } as const;
    await append(now, { type: 'channel.status_changed', facts });
  }
  const connection = await findConnection(scope, tx, connectionId);
  if (!connection || connection.status === 'SUSPENDED' || connection.status === 'CLOSED') return;
  const others = await listChannels(scope, tx, { connectionId });
  const plan = others.some(isReadable) ? {} : ({ nextSyncAt: null, nextSyncReason: null } as const);
  await updateConnection(scope, tx, connectionId, { status: to, failure, ...plan, updatedAt: now });
  if (connection.status !== to) {
    const facts = { connectionId, from: connection.status, to, failure } as const;
    await append(now, { type: 'connection.status_changed', facts });
  }
}
