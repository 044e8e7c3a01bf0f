import type { AuthorizationStarted, PsuContext } from '../connectors/connector.ts';
import { connectorFor } from '../connectors/registry.ts';
import { returnUrlOf } from '../connectors/return-state.ts';
import { Failure } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { ConsentId } from '../kernel/id.ts';
import { consentSealContext, findConsent, updateConsent } from '../store/consents.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import type { ChannelDefinition } from '../store/providers.ts';
import { bankCall } from './bank-call.ts';
import type { ActionContext } from './context.ts';
import { enqueueRevocations, toRevocation } from './revocations.ts';

interface OpenAuthorization {
  readonly consentId: ConsentId;
  readonly definition: ChannelDefinition;
  /** With which the bank sends the browser back; its hash is on the consent already. */
  readonly state: string;
  readonly validUntil: CalendarDate;
  readonly psu: PsuContext | null;
}

interface Started {
  readonly started: AuthorizationStarted;
}

/** What the caller does in the transaction that keeps the bank's answer. */
type Work = (transaction: UserTransaction) => Promise<void>;

/**
 * Asks the bank for the access that a PENDING consent stands for, and keeps what it answered; gives the bank's page for
 * the person. The bank's own Failure comes through. CONFLICT when the consent was superseded, withdrawn or deleted
 * meanwhile: what the bank has made of it is then ended there, by a job.
 */
export async function openAuthorization(
  context: ActionContext,
  scope: UserScope,
  { consentId, definition, state, validUntil, psu }: OpenAuthorization,
  work: Work = async () => {},
): Promise<string> {
  const connector = connectorFor(context.connectors, definition.dialect);
  const started = await connector.startAuthorization(bankCall(context, definition, psu), {
    returnUrl: returnUrlOf(context.publicUrl),
    state,
    validUntil,
    frequencyPerDay: definition.unattendedCallsPerDay,
  });
  const isKept = await keep(context, scope, { consentId, definition, started }, work);
  if (isKept) return started.redirectUrl;
  throw new Failure('CONFLICT', { message: 'The request was withdrawn or replaced while the bank was asked.' });
}

async function keep(
  context: ActionContext,
  scope: UserScope,
  { consentId, definition, started }: Pick<OpenAuthorization, 'consentId' | 'definition'> & Started,
  work: Work,
): Promise<boolean> {
  const sealedSession = await context.vault.seal(scope, consentSealContext(consentId), started.session);
  return inUserTransaction(context.database, scope, async (transaction) => {
    const { tx } = transaction;
    const consent = await findConsent(scope, tx, consentId);
    if (consent?.status !== 'PENDING') {
      await enqueueRevocations(tx, [toRevocation(context, consentId, definition, started.session)]);
      return false;
    }
    await updateConsent(scope, tx, consentId, {
      sealedSession,
      bankConsentId: started.bankConsentId,
      authorizationUrl: started.redirectUrl,
      authorizationExpiresAt: started.expiresAt,
      updatedAt: context.clock.now(),
    });
    await work(transaction);
    return true;
  });
}
