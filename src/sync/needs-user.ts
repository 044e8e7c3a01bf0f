import { failureCatalogue, type FailureCode } from '../domain/failure-catalogue.ts';

/** His client may have ended a consent, but only he can give a new one. */
const byOthers: readonly FailureCode[] = ['CONSENT_REVOKED_BY_CLIENT'];
const categoriesOfTheUser: readonly string[] = ['AUTHENTICATION', 'SCA', 'CONSENT'];
/** These concern one account, or nothing yet: the channel goes on. */
const harmless: readonly FailureCode[] = ['CONSENT_SCOPE_INSUFFICIENT', 'CONSENT_EXPIRING'];

/** True when a failure closes the whole channel until the person acts. */
export function needsUser(code: FailureCode): boolean {
  const kind = failureCatalogue[code];
  const isOfUser = kind.actor === 'USER' && categoriesOfTheUser.includes(kind.category) && !harmless.includes(code);
  return isOfUser || byOthers.includes(code);
}
