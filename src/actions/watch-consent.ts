import { planReminder } from '../domain/consent-reminder.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConsentId } from '../kernel/id.ts';
import { findConsent, isOpenConsent, updateConsent } from '../store/consents.ts';
import { endConsent } from '../store/end-consent.ts';
import { inUserTransaction } from '../store/log.ts';
import type { ActionContext } from './context.ts';
import { enqueueRevocations, inTransactionWithRevocations } from './revocations.ts';

/**
 * Says what is due of the end of a consent: that it comes (consent.expiring, each reminder once), or that it has come
 * (consent.expired, and channel and connection stand still). False when there was nothing to say.
 */
export async function remindOfConsent(
  context: ActionContext,
  scope: UserScope,
  consentId: ConsentId,
  timeZone: string,
): Promise<boolean> {
  return inUserTransaction(context.database, scope, async (transaction) => {
    const { tx, append } = transaction;
    const consent = await findConsent(scope, tx, consentId);
    if (!consent || !isOpenConsent(consent) || consent.status === 'PENDING') return false;
    const now = context.clock.now();
    const { connectionId, channelId, validUntil } = consent;
    const plan = planReminder({ ...consent, timeZone }, now);
    if (plan.kind === 'EXPIRED') {
      await endConsent(transaction, consent, { status: 'EXPIRED', code: 'CONSENT_EXPIRED' }, now);
      return true;
    }
    const { status, remindedDays, remindAt, daysLeftToTell } = plan;
    await updateConsent(scope, tx, consentId, {
      remindedDays,
      remindAt,
      ...(status === consent.status ? {} : { status, updatedAt: now }),
    });
    if (daysLeftToTell === null) return false;
    const facts = { connectionId, channelId, consentId, validUntil, daysLeft: daysLeftToTell };
    await append(now, { type: 'consent.expiring', facts });
    return true;
  });
}

/**
 * Gives up a request that nobody confirmed in time. What the person might still confirm at the bank is ended there, so
 * that nothing lives that we do not know of. A consent that works meanwhile goes on; without one the channel waits for
 * the person, whose way out is to ask anew. False when it was decided meanwhile.
 */
export async function abandonConsent(context: ActionContext, scope: UserScope, consentId: ConsentId): Promise<boolean> {
  return inTransactionWithRevocations(context, scope, { consentId }, async (transaction, revocations) => {
    const consent = await findConsent(scope, transaction.tx, consentId);
    const now = context.clock.now();
    const { authorizationExpiresAt } = consent ?? {};
    if (consent?.status !== 'PENDING' || !authorizationExpiresAt || authorizationExpiresAt > now) return false;
    await enqueueRevocations(transaction.tx, revocations);
    await endConsent(transaction, consent, { status: 'REJECTED', code: 'SCA_TIMEOUT' }, now);
    return true;
  });
}
