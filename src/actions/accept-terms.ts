import { Failure, invalidInput, notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { findClientById, type ClientRow } from '../store/clients.ts';
import { inUserTransaction } from '../store/log.ts';
import { findAcceptedTerms, updateUserRow } from '../store/users.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

/**
 * Writes down that the person accepts the client's terms. The version is what he was shown: another than the current
 * one is VALIDATION_FAILED, so that nobody accepts what he has not seen. Done twice, it changes nothing the second time.
 * NOT_FOUND for a user who is gone.
 */
export async function acceptTerms(context: ActionContext, scope: UserScope, version: string): Promise<void> {
  const client = await findClientById(context.database, scope.clientId);
  if (!client) throw notFound('user');
  if (version !== client.termsVersion) {
    const message = `The current version is ${client.termsVersion}: show it, then accept that one.`;
    throw invalidInput([{ path: ['version'], message }]);
  }
  await inUserTransaction(context.database, scope, async (transaction) => {
    const accepted = await findAcceptedTerms(scope, transaction.tx);
    if (accepted === undefined) throw notFound('user');
    if (accepted === version) return;
    const now = context.clock.now();
    await updateUserRow(transaction, { acceptedTermsVersion: version, acceptedTermsAt: now, updatedAt: now });
    await transaction.append(now, { type: 'terms.accepted', facts: { version } });
    await audit(context, transaction, 'terms.accept', { version });
  });
}

/** Throws TERMS_NOT_ACCEPTED where the client wants its users to have accepted its current terms, and this one has not. */
export async function requireTerms(
  context: ActionContext,
  scope: UserScope,
  client: Pick<ClientRow, 'mustAcceptTerms' | 'termsVersion'> | null,
): Promise<void> {
  if (!client?.mustAcceptTerms) return;
  if ((await findAcceptedTerms(scope, context.database.db)) === client.termsVersion) return;
  const message = `The person must accept the terms, version ${client.termsVersion}, first: termsAccept.`;
  throw new Failure('TERMS_NOT_ACCEPTED', { message });
}
