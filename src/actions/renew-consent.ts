import type { PsuContext } from '../connectors/connector.ts';
import { hashState, newState } from '../connectors/return-state.ts';
import { Failure, notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope, type UserScope } from '../domain/viewer.ts';
import { addDays, dateIn, type CalendarDate } from '../kernel/calendar-date.ts';
import { newId, type ConsentId, type SyncId } from '../kernel/id.ts';
import { isBySignIn, listChannels, type ChannelWithDefinition } from '../store/channels.ts';
import { findClientById } from '../store/clients.ts';
import { findConnection } from '../store/connections.ts';
import { findConsent, listOpenConsents } from '../store/consents.ts';
import { endConsent } from '../store/end-consent.ts';
import { inUserTransaction } from '../store/log.ts';
import { audit } from './audit.ts';
import { checkRedirectUrl } from './check-redirect-url.ts';
import type { ActionContext } from './context.ts';
import { joinSync } from './join-sync.ts';
import { openAuthorization } from './open-authorization.ts';
import { queueSync } from './queue-sync.ts';
import { requestConsent } from './request-consent.ts';
import { enqueueRevocations, inTransactionWithRevocations } from './revocations.ts';

interface RenewConsentInput {
  /** Any consent of the channel, also one that has ended: what is asked for anew is its channel's access. */
  readonly consentId: ConsentId;
  /** Where the browser goes in the end; null shows a page of ours. */
  readonly redirectUrl: string | null;
  readonly psu: PsuContext | null;
}

interface RenewedConsent {
  readonly consentId: ConsentId;
  /** The sync that signs in; null where the person goes to the bank's page. */
  readonly syncId: SyncId | null;
}

/**
 * Asks for a new consent in the place of one that ends or has ended. It is a record of its own, PENDING until
 * the person has confirmed on the bank's page; the old one works until then, and goes on working when the new one is
 * refused or forgotten. Of two that are asked for at the same time the later counts. Where the bank has no page of its
 * own a sync signs in with the stored credentials: one is queued, or the open one does so. Failures: NOT_FOUND, VALIDATION_FAILED (redirectUrl),
 * CONFLICT (closed; superseded meanwhile), CREDENTIALS_INVALID (none are stored any more), and the bank's own.
 */
export async function renewConsent(
  context: ActionContext,
  scope: Scope,
  input: RenewConsentInput,
): Promise<RenewedConsent> {
  const found = await findConsent(scope, context.database.db, input.consentId);
  if (!found) throw notFound('consent');
  const owner = scopeOfRow(found);
  const client = await findClientById(context.database, owner.clientId);
  checkRedirectUrl(input.redirectUrl, client?.redirectUrls ?? null);
  const { connectionId, channelId } = found;
  const [channel] = await listChannels(owner, context.database.db, { connectionId, channelId });
  if (!channel) throw notFound('consent');
  const { definition } = channel;
  if (isBySignIn(definition) && !channel.sealedCredentials) throw new Failure('CREDENTIALS_INVALID');
  const state = newState();
  const validUntil = addDays(dateIn(definition.timeZone, context.clock.now()), definition.consentValidityDays);
  const pending = { ...input, stateHash: hashState(state), validUntil };
  const { consentId, syncId } = await insertPending(context, owner, channel, pending);
  if (isBySignIn(definition)) return { consentId, syncId };
  try {
    await openAuthorization(context, owner, { consentId, definition, state, validUntil, psu: input.psu });
    return { consentId, syncId };
  } catch (error) {
    if (error instanceof Failure) await takeBack(context, owner, consentId, error);
    throw error;
  }
}

interface PendingConsent extends Pick<RenewConsentInput, 'redirectUrl' | 'psu'> {
  readonly stateHash: string;
  readonly validUntil: CalendarDate;
}

async function insertPending(
  context: ActionContext,
  owner: UserScope,
  channel: ChannelWithDefinition,
  { redirectUrl, psu, stateHash, validUntil }: PendingConsent,
): Promise<RenewedConsent> {
  const { id: channelId, connectionId, definition, lastSyncedAt } = channel;
  const now = context.clock.now();
  const consentId = newId('consent', now);
  let syncId: SyncId | null = null;
  const superseded = { channelId, statuses: ['PENDING'] } as const;
  await inTransactionWithRevocations(context, owner, superseded, async (transaction, revocations) => {
    const { tx } = transaction;
    const connection = await findConnection(owner, tx, connectionId);
    if (!connection) throw notFound('consent');
    if (connection.status === 'SUSPENDED' || connection.status === 'CLOSED') {
      throw new Failure('CONFLICT', { message: `The connection is ${connection.status.toLowerCase()}.` });
    }
    for (const older of await listOpenConsents(owner, tx, superseded)) {
      await endConsent(transaction, older, { status: 'REPLACED', successorId: consentId }, now);
    }
    await enqueueRevocations(tx, revocations);
    const requested = { consentId, connectionId, channelId, definition, validUntil, redirectUrl, stateHash };
    await requestConsent(transaction, requested, now);
    if (isBySignIn(definition)) {
      // A renewal brings no account back that its person has deleted.
      const type = lastSyncedAt ? 'ALL' : 'LIST_ACCOUNTS';
      const queued = await queueSync(transaction, now, { connectionId, type, trigger: 'INITIAL', psu });
      ({ syncId } = queued);
      if (!queued.isNew) await joinSync(transaction, syncId, channel);
    }
    await audit(context, transaction, 'consent.renew', { connectionId, consentId });
  });
  return { consentId, syncId };
}

/** The bank would not even begin: the record says so, and all else stays as it is. */
async function takeBack(
  context: ActionContext,
  owner: UserScope,
  consentId: ConsentId,
  failure: Failure,
): Promise<void> {
  await inUserTransaction(context.database, owner, async (transaction) => {
    const consent = await findConsent(owner, transaction.tx, consentId);
    if (consent?.status !== 'PENDING') return;
    await endConsent(transaction, consent, { status: 'REJECTED', code: failure.code }, context.clock.now());
  });
}
