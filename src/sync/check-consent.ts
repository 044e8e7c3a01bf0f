import { isDeepStrictEqual } from 'node:util';
import type { ConsentState } from '../connectors/connector.ts';
import { Failure } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import type { ChannelId } from '../kernel/id.ts';
import { channelSealContext, replaceSession } from '../store/channels.ts';
import { updateConsent } from '../store/consents.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { callBank } from './call-bank.ts';
import { openAccess } from './channel-access.ts';
import type { Run } from './run.ts';
import { endStep } from './step.ts';

const failureOf: Record<Exclude<ConsentState['status'], 'ACTIVE'>, FailureCode> = {
  PENDING: 'SCA_REDIRECT_REQUIRED',
  REJECTED: 'CONSENT_REJECTED',
  EXPIRED: 'CONSENT_EXPIRED',
  REVOKED: 'CONSENT_REVOKED_AT_BANK',
};

/** Asks the bank whether the consent still stands, and keeps a session that the bank has renewed. */
export async function checkConsent(run: Run, step: SyncStepRow, channelId: ChannelId): Promise<void> {
  const { connector, call, session, sealedSession: read, consent } = await openAccess(run, channelId);
  const state = await callBank(run, () => connector.readConsent(call, session));
  if (state.status !== 'ACTIVE') throw new Failure(failureOf[state.status]);
  const renewed = isDeepStrictEqual(state.session, session)
    ? null
    : await run.context.vault.seal(run.scope, channelSealContext(channelId), state.session);
  await endStep(run, step, { status: 'SUCCEEDED' }, async ({ tx }, now) => {
    if (renewed) await replaceSession(run.scope, tx, channelId, { read, renewed, now });
    if (state.validUntil !== consent.validUntil || state.frequencyPerDay !== consent.frequencyPerDay) {
      const { validUntil, frequencyPerDay } = state;
      await updateConsent(run.scope, tx, consent.id, { validUntil, frequencyPerDay, updatedAt: now });
    }
  });
}
