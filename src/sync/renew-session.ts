import type { BankSession } from '../connectors/connector.ts';
import { Failure } from '../domain/failure.ts';
import { channelSealContext, listChannels, replaceSession } from '../store/channels.ts';
import { callBank } from './call-bank.ts';
import type { BankLine } from './channel-access.ts';
import { commit, type Run } from './run.ts';

type Line = Pick<BankLine, 'channel' | 'connector' | 'call'>;

/** A session, and how it stands in the row: whoever replaces it names what he has read. */
export interface KnownSession {
  readonly session: BankSession;
  readonly sealedSession: Uint8Array;
}

/**
 * The session to use now: the sealed one, or one that the bank has renewed because its tokens end soon. A renewed one is
 * stored in a commit of its own before it is used, since what it renews serves no more; the lease keeps others away.
 */
export async function usableSession(run: Run, line: Line, sealedSession: Uint8Array): Promise<KnownSession> {
  const session = await openSession(run, line, sealedSession);
  const renewed = await callBank(run, () => line.connector.renewSession(line.call, session));
  return renewed ? keepSession(run, line, sealedSession, renewed) : { session, sealedSession };
}

/** Stores a session in the place of the one that was read, and gives the one that is in force then. */
async function keepSession(run: Run, line: Line, read: Uint8Array, session: BankSession): Promise<KnownSession> {
  const { id } = line.channel;
  const sealedSession = await run.context.vault.seal(run.scope, channelSealContext(id), session);
  let isStored = false;
  await commit(run, async ({ tx }, now) => {
    isStored = await replaceSession(run.scope, tx, id, { read, renewed: sealedSession, now });
  });
  if (isStored) return { session, sealedSession };
  // A consent was renewed, or the credentials were changed, while the bank was asked: that one is to be used.
  const [channel] = await listChannels(run.scope, run.context.database.db, { channelId: id });
  if (!channel?.sealedSession) throw new Failure('SCA_REQUIRED');
  return { session: await openSession(run, line, channel.sealedSession), sealedSession: channel.sealedSession };
}

async function openSession(run: Run, { channel }: Line, sealed: Uint8Array): Promise<BankSession> {
  return asSession(await run.context.vault.open(run.scope, channelSealContext(channel.id), sealed));
}

/** What was sealed as a session, as the session that it is; throws when it is none. */
export function asSession(opened: unknown): BankSession {
  if (typeof opened !== 'object' || opened === null) throw new Error('What was sealed is no bank session.');
  return Object.fromEntries(Object.entries(opened));
}
