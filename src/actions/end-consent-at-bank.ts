import { connectorFor } from '../connectors/registry.ts';
import { Failure } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import { revocationSealContext, type TaskPayloads } from '../store/jobs.ts';
import type { ActionContext } from './context.ts';
import { asBankSession } from './revocations.ts';
import { bankCall } from './bank-call.ts';

/** The bank says that there is nothing left to revoke. */
const alreadyEnded: readonly FailureCode[] = [
  'CONSENT_EXPIRED',
  'CONSENT_REVOKED_AT_BANK',
  'CONSENT_REVOKED_BY_USER',
  'CONSENT_REJECTED',
];

/** Ends a consent at its bank from what a revocation job carries; done twice, it changes nothing the second time. */
export async function endConsentAtBank(
  context: ActionContext,
  { consentId, dialect, endpoint, sealedSession }: TaskPayloads['revoke-consent'],
): Promise<void> {
  const sealed = Buffer.from(sealedSession, 'base64url');
  const session = asBankSession(context.vault.openForHouse(revocationSealContext(consentId), sealed));
  const connector = connectorFor(context.connectors, dialect);
  try {
    await connector.revokeConsent(bankCall(context, endpoint, null), session);
  } catch (error) {
    if (error instanceof Failure && alreadyEnded.includes(error.code)) return;
    throw error;
  }
}
