import type { AuthorizationContinued } from '../connectors/connector.ts';
import { notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { consentSealContext, findConsent, updateConsent, type ConsentRow } from '../store/consents.ts';
import { inUserTransaction } from '../store/log.ts';
import type { ActionContext } from './context.ts';

/**
 * Keeps what a visit at the bank has brought, where the bank wants to see the person once more (a token first, then the
 * consent): the same consent goes on under the same state. NOT_FOUND when it was decided or withdrawn meanwhile; what
 * the bank has begun is then never authorised, and ends there by itself.
 */
export async function continueAuthorization(
  context: ActionContext,
  scope: UserScope,
  consent: ConsentRow,
  continued: AuthorizationContinued,
): Promise<void> {
  const sealedSession = await context.vault.seal(scope, consentSealContext(consent.id), continued.session);
  await inUserTransaction(context.database, scope, async ({ tx }) => {
    const current = await findConsent(scope, tx, consent.id);
    if (current?.status !== 'PENDING') throw notFound('authorisation');
    await updateConsent(scope, tx, consent.id, {
      sealedSession,
      bankConsentId: continued.bankConsentId,
      authorizationUrl: continued.redirectUrl,
      authorizationExpiresAt: continued.expiresAt,
      updatedAt: context.clock.now(),
    });
  });
}
