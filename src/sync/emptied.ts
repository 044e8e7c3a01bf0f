import type { ChannelId } from '../kernel/id.ts';
import { listChannels } from '../store/channels.ts';
import type { UserTransaction } from '../store/log.ts';
import type { Run } from './run.ts';

/** The last account of the channel was deleted while the bank was asked: there is nothing left to do, and to say, on it. */
export class ChannelEmptied extends Error {}

/** Takes the transaction back in which something would be written on a channel that is EMPTY by now. */
export async function refuseEmptied(run: Run, { tx }: UserTransaction, channelId: ChannelId): Promise<void> {
  const [channel] = await listChannels(run.scope, tx, { connectionId: run.connectionId, channelId });
  if (channel?.status === 'EMPTY') throw new ChannelEmptied();
}
