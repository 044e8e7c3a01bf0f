import { Failure, notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConnectionId, ConsentId } from '../kernel/id.ts';
import { listAccounts, type AccountRow } from '../store/accounts.ts';
import { listChannels, updateChannel, type ChannelRow } from '../store/channels.ts';
import { eraseConnection } from '../store/connections.ts';
import { listOpenConsents } from '../store/consents.ts';
import { closeConsent } from '../store/end-consent.ts';
import { eraseAccount } from '../store/erase-account.ts';
import type { UserTransaction } from '../store/log.ts';
import { findOpenSync, listSteps, updateStep } from '../store/syncs.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { enqueueRevocations, inTransactionWithRevocations, revokedBy } from './revocations.ts';

/**
 * Erases accounts of a connection, in one transaction. `choose` is given the living ones and names those that go. A
 * channel whose last account goes is EMPTY: its secrets are erased and its consents end, here at once and at the bank
 * by a job. When no channel is left, the connection goes too. A sync under way finds the account gone and leaves it
 * alone. Failures: NOT_FOUND when the connection is gone, and what `choose` throws.
 */
export async function eraseAccounts(
  context: ActionContext,
  owner: UserScope,
  connectionId: ConnectionId,
  choose: (living: readonly AccountRow[]) => readonly AccountRow[],
): Promise<readonly AccountRow[]> {
  return inTransactionWithRevocations(context, owner, { connectionId }, async (transaction, revocations) => {
    const { tx, append } = transaction;
    const now = context.clock.now();
    const channels = await listChannels(owner, tx, { connectionId });
    if (channels.length === 0) throw notFound('connection');
    const living = (await listAccounts(owner, tx, connectionId)).filter((account) => account.deletedAt === null);
    const erased = choose(living);
    for (const { id: accountId } of erased) {
      await eraseAccount(owner, tx, accountId, now);
      await append(now, { type: 'account.deleted', facts: { connectionId, accountId } });
      await audit(context, transaction, 'account.delete', { connectionId, accountId });
    }
    const isLast = ({ id }: ChannelRow) =>
      erased.some((account) => account.channelId === id) &&
      living.every((account) => account.channelId !== id || erased.includes(account));
    const ended = new Set<ConsentId>();
    for (const channel of channels.filter(isLast)) {
      for (const id of await emptyChannel(context, transaction, channel, now)) ended.add(id);
    }
    await enqueueRevocations(
      tx,
      revocations.filter(({ consentId }) => ended.has(consentId)),
    );
    if (channels.every((channel) => channel.status === 'EMPTY' || isLast(channel))) {
      await eraseConnection(owner, tx, connectionId);
      await append(now, { type: 'connection.deleted', facts: { connectionId } });
    }
    return erased;
  });
}

/** Erases the secrets of a channel and ends its consents; gives their ids. */
async function emptyChannel(
  context: ActionContext,
  transaction: UserTransaction,
  channel: ChannelRow,
  now: Date,
): Promise<readonly ConsentId[]> {
  const { tx, scope, append } = transaction;
  const { id: channelId, connectionId } = channel;
  const nothing = { failure: null, sealedSession: null, sealedCredentials: null };
  await updateChannel(scope, tx, channelId, { status: 'EMPTY', ...nothing, updatedAt: now });
  const open = await findOpenSync(scope, tx, connectionId);
  const steps = open ? await listSteps(scope, tx, open.id) : [];
  for (const step of steps.filter((one) => one.channelId === channelId && one.status === 'PENDING')) {
    await updateStep(scope, tx, step, { status: 'SKIPPED', finishedAt: now });
  }
  const consents = await listOpenConsents(scope, tx, { channelId });
  const failure = new Failure(revokedBy(context)).toRecord();
  for (const consent of consents) await closeConsent(transaction, consent, { status: 'REVOKED', failure }, now);
  await append(now, {
    type: 'channel.status_changed',
    facts: { connectionId, channelId, from: channel.status, to: 'EMPTY' },
  });
  return consents.map((consent) => consent.id);
}
