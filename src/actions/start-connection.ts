import { createHash, randomBytes } from 'node:crypto';
import type { AuthorizationStarted, BankCall, PsuContext } from '../connectors/connector.ts';
import { connectorFor } from '../connectors/registry.ts';
import type { ChannelKind } from '../domain/connection.ts';
import { Failure, invalidInput } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { addDays, dateIn } from '../kernel/calendar-date.ts';
import { newId, type ChannelId, type ConnectionId, type ConsentId, type ProviderId } from '../kernel/id.ts';
import { insertChannel } from '../store/channels.ts';
import { findClientById } from '../store/clients.ts';
import { eraseConnection, insertConnection } from '../store/connections.ts';
import { consentSealContext, findConsent, insertConsent, updateConsent } from '../store/consents.ts';
import { inUserTransaction } from '../store/log.ts';
import { findProviderChannels, type ChannelDefinition } from '../store/providers.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

interface StartConnectionInput {
  readonly providerId: ProviderId;
  /** Null takes what the provider offers, REDIRECT first. */
  readonly channel: ChannelKind | null;
  /** Where the browser goes in the end; null shows a page of ours. */
  readonly redirectUrl: string | null;
  readonly psu: PsuContext | null;
}

interface StartedConnection {
  readonly connectionId: ConnectionId;
  readonly consentId: ConsentId;
  /** The bank's page for the person. */
  readonly authorizationUrl: string;
}

/** An authorisation that a bank never answered for is over after this; the bank's own limit replaces it. */
const unansweredMilliseconds = 15 * 60_000;

/** How the state of an authorisation is stored: whoever reads the table cannot come back in the person's place. */
export function hashState(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}

/**
 * Starts to link a bank and says where to send the person. The rows come first, so that nothing exists at a bank that
 * we do not know of; when the bank refuses, the connection is taken away again and the caller has the Failure.
 * Failures: NOT_FOUND (providerId), VALIDATION_FAILED (channel, redirectUrl), CONNECTOR_DISABLED, and the bank's own.
 */
export async function startConnection(
  context: ActionContext,
  scope: UserScope,
  input: StartConnectionInput,
): Promise<StartedConnection> {
  const client = await findClientById(context.database, scope.clientId);
  const definition = await chooseChannel(context, input, client?.providerSlugs ?? null);
  checkRedirectUrl(input.redirectUrl, client?.redirectUrls ?? null);
  if (definition.kind === 'EMBEDDED') throw new Failure('CONNECTOR_DISABLED');
  const connector = connectorFor(context.connectors, definition.dialect);
  const state = randomBytes(32).toString('base64url');
  const pending = await insertPending(context, scope, definition, input, hashState(state));
  try {
    const started = await connector.startAuthorization(bankCall(context, definition, input.psu), {
      returnUrl: `${context.publicUrl}/widget/return`,
      state,
      validUntil: pending.validUntil,
      frequencyPerDay: definition.unattendedCallsPerDay,
    });
    await storeStarted(context, scope, pending.consentId, started);
    const { connectionId, consentId } = pending;
    return { connectionId, consentId, authorizationUrl: started.redirectUrl };
  } catch (error) {
    await takeBack(context, scope, pending.connectionId);
    throw error;
  }
}

async function chooseChannel(
  context: ActionContext,
  { providerId, channel }: StartConnectionInput,
  providerSlugs: readonly string[] | null,
): Promise<ChannelDefinition> {
  const offered = await findProviderChannels(context.database.db, providerId, providerSlugs);
  if (!offered) {
    const message = 'No such provider.';
    throw new Failure('NOT_FOUND', { message, issues: [{ path: ['providerId'], message }] });
  }
  const chosen = channel
    ? offered.find((definition) => definition.kind === channel)
    : (offered.find((definition) => definition.kind === 'REDIRECT') ?? offered[0]);
  if (chosen) return chosen;
  const kinds = offered.map((definition) => definition.kind).join(', ') || 'none';
  throw invalidInput([
    { path: ['channel'], message: `The provider does not offer this channel; it offers: ${kinds}.` },
  ]);
}

/** An address of the client's list may come with any query: a client knows its own visits by it. */
function checkRedirectUrl(redirectUrl: string | null, allowed: readonly string[] | null): void {
  if (redirectUrl === null) return;
  const url = URL.parse(redirectUrl);
  const isWeb = url && (url.protocol === 'https:' || url.protocol === 'http:') && redirectUrl.length <= 2_000;
  const isAllowed = allowed?.some((known) => withoutQuery(known) === withoutQuery(redirectUrl)) ?? true;
  if (isWeb && isAllowed && url.username === '') return;
  if (isWeb && !isAllowed) {
    const message = 'Not one of the addresses that the operator has registered for this client.';
    throw invalidInput([{ path: ['redirectUrl'], message }]);
  }
  const message = 'Must be an absolute http or https address of at most 2000 characters.';
  throw invalidInput([{ path: ['redirectUrl'], message }]);
}

function withoutQuery(address: string): string | null {
  const url = URL.parse(address);
  return url && `${url.origin}${url.pathname}`;
}

/** A call to the bank of a channel definition, limited to a minute: somebody waits for the answer. */
export function bankCall(
  context: ActionContext,
  { baseUrl, timeZone, quirks }: Pick<ChannelDefinition, 'baseUrl' | 'timeZone' | 'quirks'>,
  psu: PsuContext | null,
): BankCall {
  return {
    endpoint: { baseUrl, timeZone, quirks },
    clock: context.clock,
    signal: AbortSignal.timeout(60_000),
    psu,
  };
}

async function insertPending(
  context: ActionContext,
  scope: UserScope,
  definition: ChannelDefinition,
  input: StartConnectionInput,
  stateHash: string,
) {
  const now = context.clock.now();
  const at = { createdAt: now, updatedAt: now };
  const connectionId = newId('connection', now);
  const channelId: ChannelId = newId('channel', now);
  const consentId = newId('consent', now);
  const validUntil = addDays(dateIn(definition.timeZone, now), definition.consentValidityDays);
  await inUserTransaction(context.database, scope, async (transaction) => {
    const { tx, append } = transaction;
    await insertConnection(scope, tx, { id: connectionId, providerId: input.providerId, status: 'AUTHORIZING', ...at });
    await insertChannel(scope, tx, {
      id: channelId,
      connectionId,
      channelDefinitionId: definition.id,
      kind: definition.kind,
      status: 'AUTHORIZING',
      ...at,
    });
    await insertConsent(scope, tx, {
      id: consentId,
      connectionId,
      channelId,
      status: 'PENDING',
      stateHash,
      redirectUrl: input.redirectUrl,
      frequencyPerDay: definition.unattendedCallsPerDay,
      validUntil,
      authorizationExpiresAt: new Date(now.getTime() + unansweredMilliseconds),
      ...at,
    });
    await append(
      now,
      { type: 'connection.created', facts: { connectionId } },
      { type: 'consent.requested', facts: { connectionId, channelId, consentId } },
    );
    await audit(context, transaction, 'connection.create', { connectionId, consentId });
  });
  return { connectionId, consentId, validUntil };
}

async function storeStarted(
  context: ActionContext,
  scope: UserScope,
  consentId: ConsentId,
  started: AuthorizationStarted,
): Promise<void> {
  const sealedSession = await context.vault.seal(scope, consentSealContext(consentId), started.session);
  await inUserTransaction(context.database, scope, async ({ tx }) => {
    // Deleted while the bank was asked: what the bank made of it is never authorised, and ends there by itself.
    if (!(await findConsent(scope, tx, consentId)))
      throw new Failure('CONFLICT', { message: 'The connection was deleted.' });
    await updateConsent(scope, tx, consentId, {
      sealedSession,
      bankConsentId: started.bankConsentId,
      authorizationUrl: started.redirectUrl,
      authorizationExpiresAt: started.expiresAt,
      updatedAt: context.clock.now(),
    });
  });
}

async function takeBack(context: ActionContext, scope: UserScope, connectionId: ConnectionId): Promise<void> {
  await inUserTransaction(context.database, scope, async ({ tx, append }) => {
    if (!(await eraseConnection(scope, tx, connectionId))) return;
    await append(context.clock.now(), { type: 'connection.deleted', facts: { connectionId } });
  });
}
