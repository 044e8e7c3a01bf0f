import type { ConsentStatus } from '../domain/connection.ts';
import { Failure, type FailureRecord } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import type { ConsentId } from '../kernel/id.ts';
import { isReadable, listChannels, updateChannel } from './channels.ts';
import { findConnection, updateConnection } from './connections.ts';
import { findLivingConsent, updateConsent, type ConsentRow } from './consents.ts';
import type { UserTransaction } from './log.ts';

type EndStatus = ConsentStatus & ('EXPIRED' | 'REVOKED' | 'REJECTED');
interface Replaced {
  readonly status: 'REPLACED';
  readonly successorId: ConsentId;
}

/**
 * Ends a consent here, for good. When the channel has no other that gives access it stands still until the person acts,
 * and its connection with it.
 */
export async function endConsent(
  transaction: UserTransaction,
  consent: ConsentRow,
  end: Replaced | { readonly status: EndStatus; readonly code: FailureCode },
  now: Date,
): Promise<void> {
  if (end.status === 'REPLACED') return closeConsent(transaction, consent, end, now);
  const failure = new Failure(end.code).toRecord();
  await closeConsent(transaction, consent, { status: end.status, failure }, now);
  if (await findLivingConsent(transaction.scope, transaction.tx, consent.channelId)) return;
  await requireAction(transaction, consent, failure, now);
}

/**
 * Closes the record of a consent and says so: it keeps how and when it ended, and nothing by which it could still be
 * used. What becomes of its channel is the caller's to say.
 */
export async function closeConsent(
  { tx, scope, append }: UserTransaction,
  { id: consentId, connectionId, channelId }: ConsentRow,
  end: Replaced | { readonly status: EndStatus; readonly failure: FailureRecord },
  now: Date,
): Promise<void> {
  await updateConsent(scope, tx, consentId, {
    failure: null,
    ...end,
    stateHash: null,
    authorizationUrl: null,
    sealedSession: null,
    remindAt: null,
    endedAt: now,
    updatedAt: now,
  });
  const ids = { connectionId, channelId, consentId };
  switch (end.status) {
    case 'REPLACED':
      await append(now, { type: 'consent.replaced', facts: ids });
      return;
    case 'EXPIRED':
      await append(now, { type: 'consent.expired', facts: ids });
      return;
    case 'REVOKED':
      await append(now, { type: 'consent.revoked', facts: { ...ids, failure: end.failure } });
      return;
    case 'REJECTED':
      await append(now, { type: 'consent.rejected', facts: { ...ids, failure: end.failure } });
      return;
  }
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
