import type { PsuContext } from '../connectors/connector.ts';
import { invalidInput, notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import { addDays, dateIn } from '../kernel/calendar-date.ts';
import { newId, type ConnectionId, type SyncId } from '../kernel/id.ts';
import {
  credentialsSealContext,
  isBySignIn,
  listChannels,
  updateChannel,
  type ChannelWithDefinition,
} from '../store/channels.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import { insertConsent, listOpenConsents } from '../store/consents.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import { findOpenSync } from '../store/syncs.ts';
import { audit } from './audit.ts';
import { endByRequest } from './cancel-sync.ts';
import type { ActionContext } from './context.ts';
import { checkCredentials, type CredentialInput } from './credentials-input.ts';
import { queueSync } from './queue-sync.ts';

interface UpdateCredentialsInput {
  readonly connectionId: ConnectionId;
  readonly credentials: readonly CredentialInput[];
  readonly psu: PsuContext | null;
}

/**
 * Takes new credentials for the channel of a connection that has a form, drops the bank session of the former ones, and
 * queues the sync that signs in; one under way is cancelled, for it holds the former. Accounts and transactions stay.
 * Failures: NOT_FOUND outside of the scope; VALIDATION_FAILED (credentials, and for a connection without a form).
 */
export async function updateCredentials(
  context: ActionContext,
  scope: Scope,
  { connectionId, credentials, psu }: UpdateCredentialsInput,
): Promise<{ syncId: SyncId }> {
  const found = await findConnection(scope, context.database.db, connectionId);
  if (!found) throw notFound('connection');
  const owner = scopeOfRow(found);
  const channels = await listChannels(owner, context.database.db, { connectionId });
  const channel = channels.find(({ definition }) => isBySignIn(definition));
  if (!channel) throw invalidInput([{ path: ['credentials'], message: 'This connection takes no credentials.' }]);
  const checked = checkCredentials(channel.definition, credentials);
  const sealedCredentials = await context.vault.seal(owner, credentialsSealContext(channel.id), checked);
  return inUserTransaction(context.database, owner, async (transaction) => {
    const now = context.clock.now();
    const { tx } = transaction;
    if (!(await findConnection(owner, tx, connectionId))) throw notFound('connection');
    const open = await findOpenSync(owner, tx, connectionId);
    // One that was answered is QUEUED again, with the former sign-in in its hands: what counts is that it has begun.
    if (open?.startedAt) await endByRequest(transaction, open, now);
    await updateChannel(owner, tx, channel.id, { sealedCredentials, sealedSession: null, updatedAt: now });
    await requestConsent(transaction, channel, now);
    await markAuthorizing(transaction, channel, now);
    const sync = { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
    const { syncId } = await queueSync(transaction, now, sync);
    await audit(context, transaction, 'connection.update_credentials', { connectionId, syncId });
    return { syncId };
  });
}

/** Typing credentials is consenting: where the former consent has ended, a new one is asked for. */
async function requestConsent(
  { tx, scope, append }: UserTransaction,
  { id: channelId, connectionId, definition }: ChannelWithDefinition,
  now: Date,
): Promise<void> {
  const today = dateIn(definition.timeZone, now);
  const open = await listOpenConsents(scope, tx, { channelId });
  if (open.some((consent) => consent.validUntil >= today)) return;
  const consentId = newId('consent', now);
  await insertConsent(scope, tx, {
    id: consentId,
    connectionId,
    channelId,
    status: 'PENDING',
    frequencyPerDay: definition.unattendedCallsPerDay,
    validUntil: addDays(today, definition.consentValidityDays),
    createdAt: now,
    updatedAt: now,
  });
  await append(now, { type: 'consent.requested', facts: { connectionId, channelId, consentId } });
}

/** What waited for the person waits for the bank now. */
async function markAuthorizing(
  { tx, scope, append }: UserTransaction,
  { id: channelId, connectionId, status: from }: ChannelWithDefinition,
  now: Date,
): Promise<void> {
  const to = 'AUTHORIZING';
  await updateChannel(scope, tx, channelId, { status: to, failure: null, updatedAt: now });
  if (from !== to) await append(now, { type: 'channel.status_changed', facts: { connectionId, channelId, from, to } });
  const connection = await findConnection(scope, tx, connectionId);
  if (connection?.status !== 'ACTION_REQUIRED') return;
  await updateConnection(scope, tx, connectionId, { status: to, failure: null, updatedAt: now });
  const facts = { connectionId, from: connection.status, to } as const;
  await append(now, { type: 'connection.status_changed', facts });
}
