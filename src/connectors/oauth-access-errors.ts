import * as oauth from 'oauth4webapi';
import { Failure } from '../domain/failure.ts';

/** Errors of RFC 6749 (4.1.2.1 and 5.2) that say that we are not set up rightly at the bank. */
const oursToSettle = new Set([
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'invalid_scope',
]);

/** Errors by which the person, or the bank in his place, says no (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6). */
const refusals = new Set(['access_denied', 'login_required', 'consent_required', 'interaction_required']);

/** Whether this error of an authorization response says that access is refused. */
export function isRefusal(error: string): boolean {
  return refusals.has(error);
}

/**
 * The Failure behind what the protocol library throws. `ofInvalidGrant` is what a grant that the bank no longer takes
 * means here: a code, or a refresh token whose end the bank may explain.
 */
export function oauthFailure(error: unknown, ofInvalidGrant: (description: string) => Failure): unknown {
  if (error instanceof oauth.ResponseBodyError) {
    if (error.error === 'invalid_grant') return ofInvalidGrant((error.error_description ?? '').slice(0, 1000));
    return failureOfCode(error.error);
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    const refused = error.cause instanceof Response && [401, 403].includes(error.cause.status);
    return refused ? failureOfCode('invalid_client') : failureOfCode('');
  }
  // A Failure of our own HTTP, the reason of an aborted call, or a bug: each is thrown as it is.
  return error;
}

/** The Failure for an error code of the protocol that is neither a refusal nor the end of a grant. */
export function failureOfCode(error: string): Failure {
  if (error === 'temporarily_unavailable') return new Failure('BANK_UNAVAILABLE');
  const isOurs = oursToSettle.has(error);
  // The bank's own words stay out of it, but these codes of the standard are not the bank's own.
  const told = isOurs ? ` (${error})` : '';
  return new Failure(isOurs ? 'CONNECTOR_CONFIG_INVALID' : 'BANK_ERROR', {
    message: `The bank's authorization server refuses the request${told}.`,
  });
}

/** What the end of a refresh token means: as the bank tells, else by whether its time was over. */
export function endOfAccess(description: string, isOver: boolean): Failure {
  // The sentence of the standard names every cause at once, so it tells nothing.
  const saysExpired = /expire/i.test(description);
  const saysRevoked = /revoke|withdraw/i.test(description);
  const hasExpired = saysExpired === saysRevoked ? isOver : saysExpired;
  if (hasExpired) return new Failure('CONSENT_EXPIRED');
  if (saysRevoked && !saysExpired) return new Failure('CONSENT_REVOKED_AT_BANK');
  return new Failure('CONSENT_REVOKED_AT_BANK', {
    message: 'The bank takes our access no longer: it was revoked there, or a renewal of it was lost on its way to us.',
  });
}
