import type { ConsentStatus } from '../domain/connection.ts';
import type { Failure } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import type { ChannelId } from '../kernel/id.ts';
import { listChannels, updateChannel } from '../store/channels.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import { findLivingConsent } from '../store/consents.ts';
import { closeConsent } from '../store/end-consent.ts';
import type { UserTransaction } from '../store/log.ts';
import { listSteps, type SyncStepRow } from '../store/syncs.ts';
import { closeByFailure } from './close-challenge.ts';
import { refuseEmptied } from './emptied.ts';
import { needsUser } from './needs-user.ts';
import { isFinished } from './progress.ts';
import { commit, type Run } from './run.ts';
import { changeStep, endStep, failed } from './step.ts';

/** Which end of a consent a failure tells of. */
const endOfConsent: Partial<Record<FailureCode, ConsentStatus & ('EXPIRED' | 'REVOKED' | 'REJECTED')>> = {
  CONSENT_EXPIRED: 'EXPIRED',
  CONSENT_REVOKED_AT_BANK: 'REVOKED',
  CONSENT_REVOKED_BY_USER: 'REVOKED',
  CONSENT_REJECTED: 'REJECTED',
};

/**
 * Ends a step by a failure that concerns its whole channel: the channel's other steps are skipped, consent, channel
 * and connection take the status that follows, and the log says all of it, in one transaction. When the person has
 * renewed the consent since the step began, the failure tells of the old one, and the step is done again. Throws
 * ChannelEmptied where he has deleted the channel's last account meanwhile: nothing of it waits for him.
 */
export async function failChannel(run: Run, step: SyncStepRow, channelId: ChannelId, failure: Failure): Promise<void> {
  try {
    await fail(run, step, channelId, failure);
  } catch (error) {
    if (!(error instanceof ConsentRenewed)) throw error;
    await commit(run, async (transaction, now) => {
      await changeStep(run, transaction, now, step, { status: 'PENDING', startedAt: null });
    });
  }
}

/** Takes the transaction back in which a failure of the old consent would have closed the new one. */
class ConsentRenewed extends Error {}

async function fail(run: Run, step: SyncStepRow, channelId: ChannelId, failure: Failure): Promise<void> {
  await endStep(run, step, failed(failure), async (transaction, now) => {
    await refuseEmptied(run, transaction, channelId);
    if (needsUser(failure.code) && (await isRenewedSince(run, transaction, step, channelId))) {
      throw new ConsentRenewed();
    }
    await closeByFailure(run, transaction, channelId, failure, now);
    await endConsent(run, transaction, channelId, failure, now);
    await markChannel(run, transaction, channelId, failure, now);
    if (needsUser(failure.code)) await markConnection(run, transaction, failure, now);
    for (const other of await listSteps(run.scope, transaction.tx, run.syncId)) {
      if (other.channelId !== channelId || other.position === step.position || isFinished(other)) continue;
      await changeStep(run, transaction, now, other, { status: 'SKIPPED', finishedAt: now });
    }
  });
}

async function isRenewedSince(
  run: Run,
  { tx }: UserTransaction,
  { position }: SyncStepRow,
  channelId: ChannelId,
): Promise<boolean> {
  const consent = await findLivingConsent(run.scope, tx, channelId);
  const step = (await listSteps(run.scope, tx, run.syncId)).find((one) => one.position === position);
  return Boolean(step?.startedAt && consent?.authorizedAt && consent.authorizedAt > step.startedAt);
}

async function endConsent(
  run: Run,
  transaction: UserTransaction,
  channelId: ChannelId,
  failure: Failure,
  now: Date,
): Promise<void> {
  const status = endOfConsent[failure.code];
  const consent = await findLivingConsent(run.scope, transaction.tx, channelId);
  if (!status || !consent) return;
  await closeConsent(transaction, consent, { status, failure: failure.toRecord() }, now);
}

async function markChannel(
  run: Run,
  transaction: UserTransaction,
  channelId: ChannelId,
  failure: Failure,
  now: Date,
): Promise<void> {
  const [channel] = await listChannels(run.scope, transaction.tx, { connectionId: run.connectionId, channelId });
  // A budget that is used up says nothing of the channel: it is as good as it was, and will be read later.
  if (!channel || failure.code === 'SYNC_BUDGET_EXHAUSTED') return;
  const to = needsUser(failure.code) ? 'ACTION_REQUIRED' : 'ERROR';
  const record = failure.toRecord();
  await updateChannel(run.scope, transaction.tx, channelId, { status: to, failure: record, updatedAt: now });
  if (channel.status === to) return;
  await transaction.append(now, {
    type: 'channel.status_changed',
    facts: { connectionId: run.connectionId, channelId, from: channel.status, to, failure: record },
  });
}

async function markConnection(run: Run, transaction: UserTransaction, failure: Failure, now: Date): Promise<void> {
  const connection = await findConnection(run.scope, transaction.tx, run.connectionId);
  if (!connection) return;
  const record = failure.toRecord();
  const to = 'ACTION_REQUIRED';
  await updateConnection(run.scope, transaction.tx, run.connectionId, {
    status: to,
    failure: record,
    updatedAt: now,
  });
  if (connection.status === to) return;
  await transaction.append(now, {
    type: 'connection.status_changed',
    facts: { connectionId: run.connectionId, from: connection.status, to, failure: record },
  });
}
