import type { ChannelId, ConnectionId, ConsentId } from '../kernel/id.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import { isBySignIn } from '../store/channels.ts';
import { insertConsent } from '../store/consents.ts';
import type { UserTransaction } from '../store/log.ts';
import type { ChannelDefinition } from '../store/providers.ts';

interface RequestedConsent {
  readonly consentId: ConsentId;
  readonly connectionId: ConnectionId;
  readonly channelId: ChannelId;
  readonly definition: ChannelDefinition;
  readonly validUntil: CalendarDate;
  readonly redirectUrl: string | null;
  /** Of the state with which the bank sends the browser back. */
  readonly stateHash: string;
}

/** An authorisation that a bank never answered for is over after this; the bank's own limit replaces it. */
const unansweredMilliseconds = 15 * 60_000;

/** Writes down that the person is asked for a consent, before a bank is: PENDING, and told by consent.requested. */
export async function requestConsent(
  { tx, scope, append }: UserTransaction,
  { consentId, connectionId, channelId, definition, validUntil, redirectUrl, stateHash }: RequestedConsent,
  now: Date,
): Promise<void> {
  // Nobody returns for a sign-in: what limits it is its challenge.
  const authorization = isBySignIn(definition)
    ? {}
    : { stateHash, authorizationExpiresAt: new Date(now.getTime() + unansweredMilliseconds) };
  await insertConsent(scope, tx, {
    id: consentId,
    connectionId,
    channelId,
    status: 'PENDING',
    redirectUrl,
    validUntil,
    frequencyPerDay: definition.unattendedCallsPerDay,
    ...authorization,
    createdAt: now,
    updatedAt: now,
  });
  await append(now, { type: 'consent.requested', facts: { connectionId, channelId, consentId } });
}
