import type { BankSession, Credentials, SignIn, SignInRequest } from '../connectors/connector.ts';
import { newState, returnUrlOf } from '../connectors/return-state.ts';
import { Failure } from '../domain/failure.ts';
import type { ChannelId } from '../kernel/id.ts';
import { channelSealContext, credentialsSealContext } from '../store/channels.ts';
import { listOpenConsents, type ConsentRow } from '../store/consents.ts';
import { openLine, type BankLine } from './channel-access.ts';
import { asSession } from './renew-session.ts';
import type { Run } from './run.ts';

/** All that is needed to sign in on a channel. */
export interface SignInAccess extends BankLine {
  readonly signIn: SignIn;
  /** What the person has agreed to: asked for and to be granted by this sign-in, or in force. */
  readonly consent: ConsentRow;
  /** For the beginning, with the session of the last sign-in where there is one. */
  readonly request: SignInRequest;
}

/** Opens the credentials of a channel; throws the Failure that says why nobody can sign in with them. */
export async function openSignIn(run: Run, channelId: ChannelId): Promise<SignInAccess> {
  const line = await openLine(run, channelId);
  const { channel, connector, today } = line;
  if (!connector.signIn) throw new Failure('CONNECTOR_CONFIG_INVALID');
  const consents = await listOpenConsents(run.scope, run.context.database.db, { channelId });
  const pending = consents.find((one) => one.status === 'PENDING');
  const consent = pending ?? consents[0];
  if (!channel.sealedCredentials) throw new Failure('CREDENTIALS_INVALID');
  if (!consent || consent.validUntil < today) throw new Failure('CONSENT_EXPIRED');
  return {
    ...line,
    signIn: connector.signIn,
    consent,
    request: {
      credentials: await openCredentials(run, channelId, channel.sealedCredentials),
      session: channel.sealedSession ? await openSession(run, channelId, channel.sealedSession) : null,
      returnUrl: returnUrlOf(run.context.publicUrl),
      state: newState(),
      validUntil: consent.validUntil,
      frequencyPerDay: consent.frequencyPerDay,
    },
  };
}

async function openCredentials(run: Run, channelId: ChannelId, sealed: Uint8Array): Promise<Credentials> {
  const opened = await run.context.vault.open(run.scope, credentialsSealContext(channelId), sealed);
  return Object.fromEntries(Object.entries(asSession(opened)).map(([name, value]) => [name, String(value)]));
}

async function openSession(run: Run, channelId: ChannelId, sealed: Uint8Array): Promise<BankSession> {
  return asSession(await run.context.vault.open(run.scope, channelSealContext(channelId), sealed));
}
