import { Failure, notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConsentId } from '../kernel/id.ts';
import { claimReturn, findConsent, releaseReturn, type ConsentRow } from '../store/consents.ts';
import { inUserTransaction } from '../store/log.ts';
import type { ActionContext } from './context.ts';

/** Longer than a call to the bank may take (`bankCall`) and its answer to be stored. */
export const returnLeaseMilliseconds = 90_000;

/**
 * Lets one return of a browser at a time ask the bank about this consent. A code serves once, and a strict bank ends the
 * tokens of whoever brings it again (RFC 6749, 4.1.2): of two browsers that come back together the second would break
 * the first one's access. It is refused with CONFLICT, or with NOT_FOUND once the first has been decided; when the first
 * has failed, the state serves again at once, and when its process has died, after the lease. `work` is given the consent as
 * the earlier returns have left it.
 */
export async function onlyReturn<Result>(
  context: ActionContext,
  scope: UserScope,
  consentId: ConsentId,
  work: (consent: ConsentRow) => Promise<Result>,
): Promise<Result> {
  const now = context.clock.now();
  const until = new Date(now.getTime() + returnLeaseMilliseconds);
  const consent = await inUserTransaction(context.database, scope, async ({ tx }) => {
    const claimed = await claimReturn(scope, tx, consentId, { now, until });
    if (claimed) return claimed;
    const current = await findConsent(scope, tx, consentId);
    if (current?.status !== 'PENDING') throw notFound('authorisation');
    throw new Failure('CONFLICT', {
      message: 'Another return of the browser is being looked at. Try again in a moment.',
      retryAt: current.returnLeaseExpiresAt ?? now,
    });
  });
  try {
    return await work(consent);
  } finally {
    // A lease that is not given back ends by itself; what the work has come to must not be lost to it.
    await inUserTransaction(context.database, scope, ({ tx }) => releaseReturn(scope, tx, consentId, until)).catch(
      (error: unknown) => context.log.warn({ consentId, error }, 'The lease of a return was not given back.'),
    );
  }
}
