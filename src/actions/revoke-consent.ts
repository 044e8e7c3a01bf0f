import { notFound } from '../domain/failure.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { ConsentId } from '../kernel/id.ts';
import { updateChannel } from '../store/channels.ts';
import { findConsent, isOpenConsent } from '../store/consents.ts';
import { endConsent } from '../store/end-consent.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { enqueueRevocations, inTransactionWithRevocations, revokedBy } from './revocations.ts';

/**
 * Ends a consent: here at once, with the secrets by which the bank knew us, and at the bank by a job of the same
 * transaction. Who asked stands in the failure: the person (CONSENT_REVOKED_BY_USER) or the client. A consent that has
 * ended already stays as it is. A sync under way finds no access any more and says so. Failure: NOT_FOUND.
 */
export async function revokeConsent(context: ActionContext, scope: Scope, consentId: ConsentId): Promise<void> {
  const found = await findConsent(scope, context.database.db, consentId);
  if (!found) throw notFound('consent');
  const owner = scopeOfRow(found);
  await inTransactionWithRevocations(context, owner, { consentId }, async (transaction, revocations) => {
    const { tx } = transaction;
    const consent = await findConsent(owner, tx, consentId);
    if (!consent) throw notFound('consent');
    if (!isOpenConsent(consent)) return;
    const now = context.clock.now();
    const { connectionId, channelId } = consent;
    if (consent.status !== 'PENDING') {
      await updateChannel(owner, tx, channelId, { sealedSession: null, sealedCredentials: null, updatedAt: now });
    }
    await enqueueRevocations(tx, revocations);
    await endConsent(transaction, consent, { status: 'REVOKED', code: revokedBy(context) }, now);
    await audit(context, transaction, 'consent.revoke', { connectionId, consentId });
  });
}
