import type { PsuContext } from '../connectors/connector.ts';
import { hashState, newState } from '../connectors/return-state.ts';
import type { AccountType } from '../domain/account.ts';
import type { ChannelKind, DataType } from '../domain/connection.ts';
import { Failure, invalidInput } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { addDays, dateIn } from '../kernel/calendar-date.ts';
import { newId, type ConnectionId, type ConsentId, type ProviderId, type SyncId } from '../kernel/id.ts';
import { credentialsSealContext, insertChannel, isBySignIn } from '../store/channels.ts';
import { findClientById } from '../store/clients.ts';
import { eraseConnection, insertConnection } from '../store/connections.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import type { ChannelDefinition } from '../store/providers.ts';
import { requireTerms } from './accept-terms.ts';
import { audit } from './audit.ts';
import { checkRedirectUrl } from './check-redirect-url.ts';
import { chooseChannels } from './choose-channels.ts';
import type { ActionContext } from './context.ts';
import { checkCredentials, type CredentialInput } from './credentials-input.ts';
import { openAuthorization } from './open-authorization.ts';
import { queueSync } from './queue-sync.ts';
import { requestConsent } from './request-consent.ts';

interface StartConnectionInput {
  readonly providerId: ProviderId;
  /** Null takes one of what the provider offers, REDIRECT first. */
  readonly channels: readonly ChannelKind[] | null;
  /** What the person typed into the form, for the channel that has one. */
  readonly credentials?: readonly CredentialInput[];
  /** The only types of accounts to take; null, as when absent, takes all. */
  readonly accountTypes?: readonly AccountType[] | null;
  /** The only data to read of accounts; null, as when absent, reads all. */
  readonly dataTypes?: readonly DataType[] | null;
  /** Where the browser goes in the end; null shows a page of ours. */
  readonly redirectUrl: string | null;
  readonly psu: PsuContext | null;
}

interface StartedConnection {
  readonly connectionId: ConnectionId;
  /** The consent to be confirmed at the bank's page where there is one, else that of the sign-in. */
  readonly consentId: ConsentId;
  /** The bank's page for the person; null where he signs in through us alone. */
  readonly authorizationUrl: string | null;
  /** The first sync, which signs in; null where it comes after the return from the bank. */
  readonly syncId: SyncId | null;
}

/**
 * Starts to link a bank: always a new connection, even where the user has one with this provider, for it may be
 * another person's access. For a channel with pages at the bank it says where to send the person; for one with
 * credentials it queues the sync that signs in. The rows come first, so that nothing exists at a bank that we do not
 * know of; when the bank refuses, the connection is taken away again and the caller has the Failure. Failures:
 * NOT_FOUND (providerId), VALIDATION_FAILED (channels, credentials, accountTypes, dataTypes, redirectUrl), TERMS_NOT_ACCEPTED, CONNECTOR_DISABLED, the bank's own.
 */
export async function startConnection(
  context: ActionContext,
  scope: UserScope,
  input: StartConnectionInput,
): Promise<StartedConnection> {
  const client = await findClientById(context.database, scope.clientId);
  await requireTerms(context, scope, client);
  const definitions = await chooseChannels(context.database.db, {
    ...input,
    providerSlugs: client?.providerSlugs ?? null,
  });
  checkRedirectUrl(input.redirectUrl, client?.redirectUrls ?? null);
  for (const field of ['accountTypes', 'dataTypes'] as const) {
    if (input[field]?.length !== 0) continue;
    throw invalidInput([{ path: [field], message: 'Name one at least; absent takes all.' }]);
  }
  const state = newState();
  const planned = await planChannels(context, scope, definitions, input);
  const redirected = planned.find((channel) => !channel.sealedCredentials);
  const pending = await insertPending(context, scope, planned, input, hashState(state));
  const { connectionId } = pending;
  let { syncId } = pending;
  if (!redirected) return { connectionId, syncId, consentId: planned[0].consentId, authorizationUrl: null };
  const { definition, consentId, validUntil } = redirected;
  try {
    const asked = { consentId, definition, state, validUntil, psu: input.psu };
    const authorizationUrl = await openAuthorization(context, scope, asked, async (transaction) => {
      if (planned.length > 1) syncId = await queueFirst(transaction, connectionId, input.psu, context.clock.now());
    });
    return { connectionId, syncId, consentId, authorizationUrl };
  } catch (error) {
    // After a conflict what there is now is no longer of this request.
    if (error instanceof Failure && error.code === 'CONFLICT') throw error;
    await takeBack(context, scope, connectionId);
    throw error;
  }
}

type PlannedChannel = Awaited<ReturnType<typeof planChannel>>;

/** Ids, validity and sealed credentials of the channels to be: sealing takes no part in the transaction. */
async function planChannels(
  context: ActionContext,
  scope: UserScope,
  [first, ...others]: Awaited<ReturnType<typeof chooseChannels>>,
  { credentials = [] }: StartConnectionInput,
): Promise<[PlannedChannel, ...PlannedChannel[]]> {
  if (credentials.length > 0 && ![first, ...others].some(isBySignIn)) {
    throw invalidInput([{ path: ['credentials'], message: 'None of the chosen channels takes credentials.' }]);
  }
  const plan = (definition: ChannelDefinition) => planChannel(context, scope, definition, credentials);
  return [await plan(first), ...(await Promise.all(others.map(plan)))];
}

async function planChannel(
  context: ActionContext,
  scope: UserScope,
  definition: ChannelDefinition,
  credentials: readonly CredentialInput[],
) {
  const now = context.clock.now();
  const channelId = newId('channel', now);
  const sealedCredentials = isBySignIn(definition)
    ? await context.vault.seal(scope, credentialsSealContext(channelId), checkCredentials(definition, credentials))
    : null;
  const validUntil = addDays(dateIn(definition.timeZone, now), definition.consentValidityDays);
  return { definition, channelId, consentId: newId('consent', now), sealedCredentials, validUntil };
}

async function insertPending(
  context: ActionContext,
  scope: UserScope,
  planned: readonly PlannedChannel[],
  { providerId, accountTypes, dataTypes, redirectUrl, psu }: StartConnectionInput,
  stateHash: string,
): Promise<{ connectionId: ConnectionId; syncId: SyncId | null }> {
  const now = context.clock.now();
  const connectionId = newId('connection', now);
  return inUserTransaction(context.database, scope, async (transaction) => {
    const { tx, append } = transaction;
    await insertConnection(scope, tx, {
      id: connectionId,
      providerId,
      status: 'AUTHORIZING',
      accountTypes: accountTypes ? [...new Set(accountTypes)] : null,
      dataTypes: dataTypes ? [...new Set(dataTypes)] : null,
      createdAt: now,
      updatedAt: now,
    });
    await append(now, { type: 'connection.created', facts: { connectionId } });
    for (const channel of planned) {
      await insertPlanned(transaction, connectionId, channel, { redirectUrl, stateHash, now });
      await audit(context, transaction, 'connection.create', { connectionId, consentId: channel.consentId });
    }
    const isSignInAlone = planned.every((channel) => channel.sealedCredentials);
    return { connectionId, syncId: isSignInAlone ? await queueFirst(transaction, connectionId, psu, now) : null };
  });
}

async function queueFirst(
  transaction: UserTransaction,
  connectionId: ConnectionId,
  psu: PsuContext | null,
  now: Date,
): Promise<SyncId> {
  const sync = { connectionId, type: 'LIST_ACCOUNTS', trigger: 'INITIAL', psu } as const;
  return (await queueSync(transaction, now, sync)).syncId;
}

async function insertPlanned(
  transaction: UserTransaction,
  connectionId: ConnectionId,
  { definition, channelId, consentId, sealedCredentials, validUntil }: PlannedChannel,
  { redirectUrl, stateHash, now }: { redirectUrl: string | null; stateHash: string; now: Date },
): Promise<void> {
  const { id: channelDefinitionId, kind } = definition;
  const channel = { id: channelId, connectionId, channelDefinitionId, kind, sealedCredentials };
  const at = { createdAt: now, updatedAt: now };
  await insertChannel(transaction.scope, transaction.tx, { ...channel, status: 'AUTHORIZING', ...at });
  const requested = { consentId, connectionId, channelId, definition, validUntil, redirectUrl, stateHash };
  await requestConsent(transaction, requested, now);
}

async function takeBack(context: ActionContext, scope: UserScope, connectionId: ConnectionId): Promise<void> {
  await inUserTransaction(context.database, scope, async ({ tx, append }) => {
    if (!(await eraseConnection(scope, tx, connectionId))) return;
    await append(context.clock.now(), { type: 'connection.deleted', facts: { connectionId } });
  });
}
