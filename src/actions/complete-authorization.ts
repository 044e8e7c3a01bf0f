import type { ConsentState, PsuContext } from '../connectors/connector.ts';
import { connectorFor } from '../connectors/registry.ts';
import { hashState } from '../connectors/return-state.ts';
import type { ChannelStatus, ConnectionStatus } from '../domain/connection.ts';
import { Failure, notFound, type FailureRecord } from '../domain/failure.ts';
import { scopeOfRow, type UserScope } from '../domain/viewer.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { channelSealContext, listChannels, updateChannel, type ChannelWithDefinition } from '../store/channels.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import {
  consentSealContext,
  findConsent,
  findConsentByState,
  updateConsent,
  type ConsentRow,
} from '../store/consents.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import { bankCall } from './bank-call.ts';
import type { ActionContext } from './context.ts';
import { queueSync } from './queue-sync.ts';
import { returnToChallenge } from './return-to-challenge.ts';
import { asBankSession } from './revocations.ts';

interface CompleteAuthorizationInput {
  readonly state: string;
  /** The query with which the browser came back. It is shown to the connector, never believed. */
  readonly parameters: Record<string, string>;
  readonly psu: PsuContext | null;
}

interface CompletedAuthorization {
  readonly outcome: 'GRANTED' | 'REJECTED' | 'PENDING';
  readonly connectionId: ConnectionId;
  readonly redirectUrl: string | null;
}

/**
 * A browser is back from the bank: asks the bank what became of the consent, and acts on its answer. A state serves
 * until the bank has decided; afterwards, and when it is unknown or expired, the answer is NOT_FOUND and nothing
 * changes. The first sync is queued in the transaction that makes the connection active. A return to a challenge of a
 * sign-in is PENDING: the sync tells what the bank made of it.
 */
export async function completeAuthorization(
  context: ActionContext,
  input: CompleteAuthorizationInput,
): Promise<CompletedAuthorization> {
  const consent = await findPending(context, input.state);
  if (!consent) return { outcome: 'PENDING', ...(await returnToChallenge(context, input)) };
  const scope = scopeOfRow(consent);
  const { connectionId, channelId, redirectUrl } = consent;
  const [channel] = await listChannels(scope, context.database.db, { connectionId, channelId });
  if (!channel || !consent.sealedSession) throw notFound('authorisation');
  const session = asBankSession(await context.vault.open(scope, consentSealContext(consent.id), consent.sealedSession));
  const connector = connectorFor(context.connectors, channel.definition.dialect);
  const call = bankCall(context, channel.definition, input.psu);
  const state = await connector.readConsent(call, session, input.parameters);
  switch (state.status) {
    case 'PENDING':
      return { outcome: 'PENDING', connectionId, redirectUrl };
    case 'ACTIVE':
      await grant(context, scope, consent, channel, state, input.psu);
      return { outcome: 'GRANTED', connectionId, redirectUrl };
    case 'REJECTED':
    case 'EXPIRED':
    case 'REVOKED':
      await reject(context, scope, consent, channel, new Failure('CONSENT_REJECTED').toRecord());
      return { outcome: 'REJECTED', connectionId, redirectUrl };
  }
}

/** The consent that waits for this return; null when no consent has this state, a challenge may then. */
async function findPending(context: ActionContext, state: string): Promise<ConsentRow | null> {
  const consent = await findConsentByState(context.database.db, hashState(state));
  if (!consent) return null;
  const isExpired = consent.authorizationExpiresAt && consent.authorizationExpiresAt <= context.clock.now();
  if (consent.status !== 'PENDING' || isExpired) throw notFound('authorisation');
  return consent;
}

async function grant(
  context: ActionContext,
  scope: UserScope,
  consent: ConsentRow,
  channel: ChannelWithDefinition,
  state: Extract<ConsentState, { status: 'ACTIVE' }>,
  psu: PsuContext | null,
): Promise<void> {
  const sealedSession = await context.vault.seal(scope, channelSealContext(channel.id), state.session);
  const { validUntil, frequencyPerDay } = state;
  await decide(context, scope, consent, 'OK', async (transaction, now) => {
    const { tx } = transaction;
    await updateConsent(scope, tx, consent.id, {
      ...answered(now),
      status: 'ACTIVE',
      validUntil,
      frequencyPerDay,
      authorizedAt: now,
    });
    await updateChannel(scope, tx, channel.id, { sealedSession, updatedAt: now });
    await transaction.append(now, { type: 'consent.granted', facts: { ...idsOf(consent), validUntil } });
    await changeStatuses(transaction, consent, 'ACTIVE', null, now);
    const { connectionId } = consent;
    await queueSync(transaction, now, { connectionId, type: 'LIST_ACCOUNTS', trigger: 'INITIAL', psu });
  });
}

async function reject(
  context: ActionContext,
  scope: UserScope,
  consent: ConsentRow,
  channel: ChannelWithDefinition,
  failure: FailureRecord,
): Promise<void> {
  await decide(context, scope, consent, 'CONSENT_REJECTED', async (transaction, now) => {
    await updateConsent(scope, transaction.tx, consent.id, {
      ...answered(now),
      status: 'REJECTED',
      failure,
      endedAt: now,
    });
    await transaction.append(now, { type: 'consent.rejected', facts: { ...idsOf(consent), failure } });
    // A renewal that is refused leaves a channel that works as it is.
    if (channel.status !== 'ACTIVE') await changeStatuses(transaction, consent, 'ACTION_REQUIRED', failure, now);
  });
}

/** Acts on the bank's decision once: of two browsers that return at the same time the second one finds it used. */
async function decide(
  context: ActionContext,
  scope: UserScope,
  consent: ConsentRow,
  result: 'OK' | 'CONSENT_REJECTED',
  work: (transaction: UserTransaction, now: Date) => Promise<void>,
): Promise<void> {
  await inUserTransaction(context.database, scope, async (transaction) => {
    const current = await findConsent(scope, transaction.tx, consent.id);
    if (current?.status !== 'PENDING') throw notFound('authorisation');
    await work(transaction, context.clock.now());
    const { id: consentId, connectionId } = consent;
    await audit(context, transaction, 'consent.decide', { connectionId, consentId }, result);
  });
}

/** What a consent no longer needs once the bank has decided. */
function answered(now: Date) {
  return { stateHash: null, authorizationUrl: null, sealedSession: null, updatedAt: now };
}

function idsOf(consent: ConsentRow) {
  return { connectionId: consent.connectionId, channelId: consent.channelId, consentId: consent.id };
}

async function changeStatuses(
  { tx, scope, append }: UserTransaction,
  { connectionId, channelId }: ConsentRow,
  to: ChannelStatus & ConnectionStatus,
  failure: FailureRecord | null,
  now: Date,
): Promise<void> {
  const [channel] = await listChannels(scope, tx, { connectionId, channelId });
  const connection = await findConnection(scope, tx, connectionId);
  await updateChannel(scope, tx, channelId, { status: to, failure, updatedAt: now });
  await updateConnection(scope, tx, connectionId, { status: to, failure, updatedAt: now });
  const because = failure ? { failure } : {};
  if (channel && channel.status !== to) {
    const facts = { connectionId, channelId, from: channel.status, to, ...because };
    await append(now, { type: 'channel.status_changed', facts });
  }
  if (connection && connection.status !== to) {
    const facts = { connectionId, from: connection.status, to, ...because };
    await append(now, { type: 'connection.status_changed', facts });
  }
}
