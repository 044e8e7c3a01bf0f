import type { ConsentState, PsuContext } from '../connectors/connector.ts';
import { connectorFor } from '../connectors/registry.ts';
import { hashState } from '../connectors/return-state.ts';
import { Failure, notFound } from '../domain/failure.ts';
import { scopeOfRow, type UserScope } from '../domain/viewer.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { channelSealContext, listChannels, updateChannel, type ChannelWithDefinition } from '../store/channels.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import {
  consentSealContext,
  findConsent,
  findConsentByState,
  isOpenConsent,
  listOpenConsents,
  livingConsentStatuses,
  updateConsent,
  type ConsentRow,
} from '../store/consents.ts';
import { endConsent } from '../store/end-consent.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { continueAuthorization } from './continue-authorization.ts';
import { joinSync } from './join-sync.ts';
import { onlyReturn } from './only-return.ts';
import { queueSync } from './queue-sync.ts';
import { returnToChallenge } from './return-to-challenge.ts';
import { asBankSession, enqueueRevocations, inTransactionWithRevocations, toRevocation } from './revocations.ts';
import { bankCall } from './bank-call.ts';

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
  /** The bank's next page for the person, where it wants to see him once more; goes before `redirectUrl`. */
  readonly bankUrl?: string | null;
  /** The bank waits for the person's app, so that the browser has nowhere to go until he has confirmed. */
  readonly isAwaitingApp?: boolean;
}

/**
 * A browser is back from the bank: asks the bank what became of the consent, and acts on its answer. A state serves
 * until the bank has decided; afterwards, and when it is unknown or expired, the answer is NOT_FOUND and nothing
 * changes. While another return with it is at the bank the answer is CONFLICT, and trying again later serves. The first sync is queued in the transaction that makes the connection active. A return to a challenge of a
 * sign-in is PENDING: the sync tells what the bank made of it.
 */
export async function completeAuthorization(
  context: ActionContext,
  input: CompleteAuthorizationInput,
): Promise<CompletedAuthorization> {
  const found = await findPending(context, input.state);
  if (!found) return { outcome: 'PENDING', ...(await returnToChallenge(context, input)) };
  const scope = scopeOfRow(found);
  return onlyReturn(context, scope, found.id, (consent) => decide(context, scope, consent, input));
}

/** Asks the bank, and does what its answer says. */
async function decide(
  context: ActionContext,
  scope: UserScope,
  consent: ConsentRow,
  { parameters, psu }: CompleteAuthorizationInput,
): Promise<CompletedAuthorization> {
  const { connectionId, channelId, redirectUrl } = consent;
  const [channel] = await listChannels(scope, context.database.db, { connectionId, channelId });
  if (!channel || !consent.sealedSession) throw notFound('authorisation');
  const session = asBankSession(await context.vault.open(scope, consentSealContext(consent.id), consent.sealedSession));
  const connector = connectorFor(context.connectors, channel.definition.dialect);
  const state = await connector.readConsent(bankCall(context, channel.definition, psu), session, parameters);
  switch (state.status) {
    case 'PENDING': {
      const { continued } = state;
      if (continued) await continueAuthorization(context, scope, consent, continued);
      const bankUrl = continued?.redirectUrl ?? null;
      const isAwaitingApp = (continued ? bankUrl : consent.authorizationUrl) === null;
      return { outcome: 'PENDING', connectionId, redirectUrl, bankUrl, isAwaitingApp };
    }
    case 'ACTIVE':
      try {
        await grant(context, scope, consent, channel, state, psu);
      } catch (error) {
        if (error instanceof Failure && error.code === 'NOT_FOUND')
          await endUnwanted(context, scope, consent, channel, state);
        throw error;
      }
      return { outcome: 'GRANTED', connectionId, redirectUrl };
    case 'REJECTED':
    case 'EXPIRED':
    case 'REVOKED':
      await reject(context, scope, consent);
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

/**
 * The session of the new consent takes the place of the old one in the commit that ends the old one: between them there
 * is no moment without access. What was replaced is ended at the bank by a job, unless the bank has done so itself.
 */
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
  const replaced = { channelId: channel.id, statuses: livingConsentStatuses };
  await inTransactionWithRevocations(context, scope, replaced, async (transaction, revocations) => {
    const { tx, append } = transaction;
    const now = await beginDecision(context, transaction, consent);
    const older = await listOpenConsents(scope, tx, replaced);
    const granted = { status: 'ACTIVE', validUntil, frequencyPerDay, authorizedAt: now, updatedAt: now } as const;
    const settled = { stateHash: null, authorizationUrl: null, sealedSession: null };
    await updateConsent(scope, tx, consent.id, { ...granted, ...settled });
    await updateChannel(scope, tx, channel.id, { sealedSession, updatedAt: now });
    await append(now, { type: 'consent.granted', facts: { ...idsOf(consent), validUntil } });
    for (const one of older) await endConsent(transaction, one, { status: 'REPLACED', successorId: consent.id }, now);
    if (!channel.definition.isConsentReplacedByBank) await enqueueRevocations(tx, revocations);
    await activate(transaction, consent, now);
    const { connectionId } = consent;
    // A renewal brings no account back that its person has deleted.
    const type = channel.lastSyncedAt ? 'ALL' : 'LIST_ACCOUNTS';
    const queued = await queueSync(transaction, now, { connectionId, type, trigger: 'INITIAL', psu });
    if (!queued.isNew) await joinSync(transaction, queued.syncId, channel);
    await auditDecision(context, transaction, consent, 'OK');
  });
}

/**
 * Withdrawn, replaced or deleted while the bank was asked: what it has granted then is ended there, by a job, for nobody
 * here knows of it any more. A consent that another return has brought into force is left alone.
 */
async function endUnwanted(
  context: ActionContext,
  scope: UserScope,
  { id }: ConsentRow,
  { definition }: ChannelWithDefinition,
  { session }: Extract<ConsentState, { status: 'ACTIVE' }>,
): Promise<void> {
  const current = await findConsent(scope, context.database.db, id);
  if (current && isOpenConsent(current)) return;
  const revocation = toRevocation(context, id, definition, session);
  await context.database.db.transaction((tx) => enqueueRevocations(tx, [revocation]));
}

/** A renewal that is refused leaves a consent that works as it is. */
async function reject(context: ActionContext, scope: UserScope, consent: ConsentRow): Promise<void> {
  await inUserTransaction(context.database, scope, async (transaction) => {
    const now = await beginDecision(context, transaction, consent);
    await endConsent(transaction, consent, { status: 'REJECTED', code: 'CONSENT_REJECTED' }, now);
    await auditDecision(context, transaction, consent, 'CONSENT_REJECTED');
  });
}

/** The bank's decision counts once: of two browsers that return at the same time the second one finds it used. */
async function beginDecision(
  { clock }: ActionContext,
  { tx, scope }: UserTransaction,
  consent: ConsentRow,
): Promise<Date> {
  const current = await findConsent(scope, tx, consent.id);
  if (current?.status !== 'PENDING') throw notFound('authorisation');
  return clock.now();
}

function auditDecision(
  context: ActionContext,
  transaction: UserTransaction,
  { id: consentId, connectionId }: ConsentRow,
  result: 'OK' | 'CONSENT_REJECTED',
): Promise<void> {
  return audit(context, transaction, 'consent.decide', { connectionId, consentId }, result);
}

function idsOf(consent: ConsentRow) {
  return { connectionId: consent.connectionId, channelId: consent.channelId, consentId: consent.id };
}

/** The channel can be read; its connection too, unless another channel waits for the person. */
async function activate(
  { tx, scope, append }: UserTransaction,
  { connectionId, channelId }: ConsentRow,
  now: Date,
): Promise<void> {
  const to = 'ACTIVE';
  const connection = await findConnection(scope, tx, connectionId);
  const channels = await listChannels(scope, tx, { connectionId });
  const channel = channels.find((one) => one.id === channelId);
  const active = { status: to, failure: null, updatedAt: now } as const;
  await updateChannel(scope, tx, channelId, active);
  if (channel && channel.status !== to) {
    await append(now, {
      type: 'channel.status_changed',
      facts: { connectionId, channelId, from: channel.status, to },
    });
  }
  const isWaiting = channels.some((other) => other.id !== channelId && other.status === 'ACTION_REQUIRED');
  if (!connection || isWaiting) return;
  await updateConnection(scope, tx, connectionId, active);
  if (connection.status !== to) {
    await append(now, { type: 'connection.status_changed', facts: { connectionId, from: connection.status, to } });
  }
}
