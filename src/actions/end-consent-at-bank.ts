import type { BankSession } from '../connectors/connector.ts';
import { connectorFor } from '../connectors/registry.ts';
import { Failure } from '../domain/failure.ts';
import type { FailureCode } from '../domain/failure-catalogue.ts';
import { dequeue, enqueue, revocationJobKey, revocationSealContext, type TaskPayloads } from '../store/jobs.ts';
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

const retryAfterMilliseconds = 120_000;

/**
 * Ends a consent at its bank from what a revocation job carries; done twice, it changes nothing the second time. A
 * session that the bank renews on the way takes the place of the job's in a new job before it is used, for what it
 * renews serves no more: whatever fails after that, and wherever this process dies, the next attempt has it.
 * `attemptsLeft` says how often that one may try.
 */
export async function endConsentAtBank(
  context: ActionContext,
  revocation: TaskPayloads['revoke-consent'],
  attemptsLeft = 24,
): Promise<void> {
  const { consentId, dialect, endpoint, sealedSession } = revocation;
  const { database, vault, clock } = context;
  const jobKey = revocationJobKey(consentId);
  const sealContext = revocationSealContext(consentId);
  const session = asBankSession(vault.openForHouse(sealContext, Buffer.from(sealedSession, 'base64url')));
  let isKept = false;
  const keep = async (renewed: BankSession) => {
    if (attemptsLeft < 1) return;
    const sealed = Buffer.from(vault.sealForHouse(sealContext, renewed)).toString('base64url');
    const runAt = new Date(clock.now().getTime() + retryAfterMilliseconds);
    const next = { jobKey, runAt, isMoved: true, maxAttempts: attemptsLeft };
    await database.db.transaction((tx) =>
      enqueue(tx, 'revoke-consent', { ...revocation, sealedSession: sealed }, next),
    );
    isKept = true;
  };
  try {
    await connectorFor(context.connectors, dialect).revokeConsent(bankCall(context, endpoint, null), session, keep);
  } catch (error) {
    if (!(error instanceof Failure && alreadyEnded.includes(error.code))) throw error;
  }
  if (isKept) await database.db.transaction((tx) => dequeue(tx, jobKey));
}
