import type { BankCall, Connector } from '../connectors/connector.ts';
import { connectorFor } from '../connectors/registry.ts';
import { Failure } from '../domain/failure.ts';
import { dateIn, type CalendarDate } from '../kernel/calendar-date.ts';
import type { ChannelId } from '../kernel/id.ts';
import { isBySignIn, listChannels, type ChannelWithDefinition } from '../store/channels.ts';
import { findLivingConsent, type ConsentRow } from '../store/consents.ts';
import { usableSession, type KnownSession } from './renew-session.ts';
import { LeaseLost, type Run } from './run.ts';

/** All that is needed to speak to the bank of one channel, but for being known there. */
export interface BankLine {
  readonly channel: ChannelWithDefinition;
  readonly connector: Connector;
  readonly call: BankCall;
  /** The day at the bank. */
  readonly today: CalendarDate;
}

/** The same with the person's permission. */
export interface ChannelAccess extends BankLine, KnownSession {
  readonly consent: ConsentRow;
}

/** Opens the line to the bank of a channel. */
export async function openLine(run: Run, channelId: ChannelId): Promise<BankLine> {
  const { database, clock, connectors } = run.context;
  const [channel] = await listChannels(run.scope, database.db, { connectionId: run.connectionId, channelId });
  // Its connection is deleted, and the sync with it.
  if (!channel) throw new LeaseLost();
  const { baseUrl, timeZone, quirks, dialect } = channel.definition;
  return {
    channel,
    connector: connectorFor(connectors, dialect),
    call: { endpoint: { baseUrl, timeZone, quirks }, clock, signal: run.signal, psu: run.psu },
    today: dateIn(timeZone, clock.now()),
  };
}

/** Opens the access of a channel, its session renewed where it ends soon; throws the Failure that says why there is none. */
export async function openAccess(run: Run, channelId: ChannelId): Promise<ChannelAccess> {
  const line = await openLine(run, channelId);
  const { channel, today } = line;
  const consent = await findLivingConsent(run.scope, run.context.database.db, channelId);
  if (!channel.sealedSession || !consent) {
    // Withdrawn while the sync was at work: it says so too, and not only that something is missing.
    const known = channel.status === 'ACTION_REQUIRED' ? channel.failure : null;
    if (known) throw new Failure(known.code, { message: known.message });
    throw new Failure(isBySignIn(channel.definition) ? 'SCA_REQUIRED' : 'SCA_REDIRECT_REQUIRED');
  }
  if (consent.validUntil < today) throw new Failure('CONSENT_EXPIRED');
  return { ...line, consent, ...(await usableSession(run, line, channel.sealedSession)) };
}
