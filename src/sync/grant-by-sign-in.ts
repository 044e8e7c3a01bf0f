import type { SignInState } from '../connectors/connector.ts';
import { Failure } from '../domain/failure.ts';
import { newId } from '../kernel/id.ts';
import { channelSealContext, listChannels, updateChannel } from '../store/channels.ts';
import { findConnection, updateConnection } from '../store/connections.ts';
import { findConsent, insertConsent, isOpenConsent, listOpenConsents, updateConsent } from '../store/consents.ts';
import { endConsent } from '../store/end-consent.ts';
import type { UserTransaction } from '../store/log.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { decideChallenge } from './close-challenge.ts';
import type { SignInAccess } from './open-sign-in.ts';
import type { Run } from './run.ts';
import type { Standing } from './standing.ts';
import { endStep } from './step.ts';

interface Reached {
  readonly state: Extract<SignInState, { status: 'SIGNED_IN' }>;
  readonly standing: Standing | null;
}

/**
 * The bank has let the person in: his session is stored, the consent that he was asked for is in force, channel and
 * connection are active, and the step ends, in one commit and before the session is used for anything.
 */
export async function grantBySignIn(
  run: Run,
  step: SyncStepRow,
  access: SignInAccess,
  { state, standing }: Reached,
): Promise<void> {
  const { id: channelId } = access.channel;
  const sealedSession = await run.context.vault.seal(run.scope, channelSealContext(channelId), state.session);
  await endStep(run, step, { status: 'SUCCEEDED' }, async (transaction, now) => {
    if (standing) {
      const accepted = { status: 'ANSWERED', outcome: 'ACCEPTED' } as const;
      await decideChallenge(transaction, standing.challenge, accepted, now);
    }
    await updateChannel(run.scope, transaction.tx, channelId, { sealedSession, updatedAt: now });
    await grantConsent(run, transaction, access, state, now);
    await markChannel(run, transaction, access, now);
    await markConnection(run, transaction, access, now);
  });
}

async function grantConsent(
  run: Run,
  transaction: UserTransaction,
  { consent, channel }: SignInAccess,
  state: Reached['state'],
  now: Date,
): Promise<void> {
  const { tx, append } = transaction;
  // Ended while the bank was asked: what the person has taken back is not granted.
  const current = await findConsent(run.scope, tx, consent.id);
  if (!current || !isOpenConsent(current)) throw new Failure(current?.failure?.code ?? 'CONSENT_REVOKED_BY_USER');
  const validUntil = state.validUntil ?? consent.validUntil;
  const frequencyPerDay = state.frequencyPerDay ?? consent.frequencyPerDay;
  const bankConsentId = state.bankConsentId ?? consent.bankConsentId;
  const granted = { status: 'ACTIVE', validUntil, frequencyPerDay, bankConsentId, authorizedAt: now } as const;
  const ids = { connectionId: run.connectionId, channelId: channel.id };
  if (consent.status === 'PENDING') {
    for (const older of await listOpenConsents(run.scope, tx, { channelId: channel.id })) {
      if (older.id !== consent.id) {
        await endConsent(transaction, older, { status: 'REPLACED', successorId: consent.id }, now);
      }
    }
    await updateConsent(run.scope, tx, consent.id, { ...granted, updatedAt: now });
    await append(now, { type: 'consent.granted', facts: { ...ids, consentId: consent.id, validUntil } });
    return;
  }
  if (consent.bankConsentId === bankConsentId) {
    const isSame = consent.validUntil === validUntil && consent.frequencyPerDay === frequencyPerDay;
    if (!isSame) await updateConsent(run.scope, tx, consent.id, { validUntil, frequencyPerDay, updatedAt: now });
    return;
  }
  // The bank has made a new consent in the place of one that it holds no more: a record is never reused.
  const consentId = newId('consent', now);
  await updateConsent(run.scope, tx, consent.id, { status: 'EXPIRED', endedAt: now, updatedAt: now });
  await insertConsent(run.scope, tx, { id: consentId, ...ids, ...granted, createdAt: now, updatedAt: now });
  await append(
    now,
    { type: 'consent.expired', facts: { ...ids, consentId: consent.id } },
    { type: 'consent.requested', facts: { ...ids, consentId } },
    { type: 'consent.granted', facts: { ...ids, consentId, validUntil } },
  );
}

async function markChannel(
  run: Run,
  { tx, append }: UserTransaction,
  { channel }: SignInAccess,
  now: Date,
): Promise<void> {
  if (channel.status === 'ACTIVE') return;
  await updateChannel(run.scope, tx, channel.id, { status: 'ACTIVE', failure: null, updatedAt: now });
  const facts = { connectionId: run.connectionId, channelId: channel.id, from: channel.status, to: 'ACTIVE' } as const;
  await append(now, { type: 'channel.status_changed', facts });
}

/** A connection is active again unless its other channel waits for the person. */
async function markConnection(
  run: Run,
  { tx, append }: UserTransaction,
  { channel }: SignInAccess,
  now: Date,
): Promise<void> {
  const { connectionId } = run;
  const connection = await findConnection(run.scope, tx, connectionId);
  const others = await listChannels(run.scope, tx, { connectionId });
  const isWaiting = others.some((other) => other.id !== channel.id && other.status === 'ACTION_REQUIRED');
  if (!connection || connection.status === 'ACTIVE' || isWaiting) return;
  await updateConnection(run.scope, tx, connectionId, { status: 'ACTIVE', failure: null, updatedAt: now });
  const facts = { connectionId, from: connection.status, to: 'ACTIVE' } as const;
  await append(now, { type: 'connection.status_changed', facts });
}
