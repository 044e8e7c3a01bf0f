import type { BankCall, BankSession, Connector } from '../connectors/connector.ts';
import { connectorFor } from '../connectors/registry.ts';
import { Failure } from '../domain/failure.ts';
import { dateIn, type CalendarDate } from '../kernel/calendar-date.ts';
import type { ChannelId } from '../kernel/id.ts';
import { channelSealContext, listChannels, type ChannelWithDefinition } from '../store/channels.ts';
import { findLivingConsent, type ConsentRow } from '../store/consents.ts';
import type { Run } from './run.ts';

/** All that is needed to speak to the bank of one channel. */
export interface ChannelAccess {
  readonly channel: ChannelWithDefinition;
  readonly consent: ConsentRow;
  readonly connector: Connector;
  readonly call: BankCall;
  readonly session: BankSession;
  /** The day at the bank. */
  readonly today: CalendarDate;
}

/** Opens the access of a channel; throws the Failure that says why there is none. */
export async function openAccess(run: Run, channelId: ChannelId): Promise<ChannelAccess> {
  const { database, clock, connectors, vault } = run.context;
  const [channel] = await listChannels(run.scope, database.db, { connectionId: run.connectionId, channelId });
  const consent = await findLivingConsent(run.scope, database.db, channelId);
  if (!channel?.sealedSession || !consent) throw new Failure('SCA_REDIRECT_REQUIRED');
  const { definition } = channel;
  const today = dateIn(definition.timeZone, clock.now());
  if (consent.validUntil < today) throw new Failure('CONSENT_EXPIRED');
  const opened = await vault.open(run.scope, channelSealContext(channelId), channel.sealedSession);
  return {
    channel,
    consent,
    connector: connectorFor(connectors, definition.dialect),
    call: {
      endpoint: { baseUrl: definition.baseUrl, timeZone: definition.timeZone, quirks: definition.quirks },
      clock,
      signal: run.signal,
      psu: run.psu,
    },
    session: asSession(opened),
    today,
  };
}

function asSession(opened: unknown): BankSession {
  if (typeof opened !== 'object' || opened === null) throw new Error('What was sealed is no bank session.');
  return Object.fromEntries(Object.entries(opened));
}
