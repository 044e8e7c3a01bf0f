import { Refusal } from '../refusal.ts';
import type { OauthRecords } from './records.ts';

/** What an access token opens. */
export interface AccessTokenUse {
  readonly clientId: string;
  /** The consent that the person gave when the token was made; its data calls go through it. */
  readonly consentId: string;
  readonly scopes: ReadonlySet<string>;
}

/** Reads the tokens that the authorization server gave out, at the faces. */
export interface AccessTokens {
  /**
   * Opens the token of an Authorization header. `thumbprint` is that of the caller's certificate. Throws TOKEN_INVALID,
   * TOKEN_UNKNOWN or TOKEN_EXPIRED.
   */
  open(authorization: string | undefined, thumbprint: string | null): AccessTokenUse;
}

export function accessTokens(records: OauthRecords): AccessTokens {
  return {
    open(authorization, thumbprint) {
      const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) {
        throw refuse(
          'TOKEN_INVALID',
          'This bank wants an access token: the header Authorization must be a Bearer token.',
        );
      }
      if (records.hasExpired('AccessToken', token)) throw refuse('TOKEN_EXPIRED', 'The access token has expired.');
      const payload = records.find('AccessToken', token)?.payload;
      const { clientId, accountId, scope, grantId, 'x5t#S256': bound } = payload ?? {};
      const isGranted = typeof grantId === 'string' && records.find('Grant', grantId) !== null;
      if (!isGranted || typeof clientId !== 'string' || typeof accountId !== 'string' || typeof scope !== 'string') {
        throw refuse('TOKEN_UNKNOWN', 'The access token is not known to this bank, or it was revoked.');
      }
      if (bound !== undefined && bound !== thumbprint) {
        throw refuse('TOKEN_INVALID', 'The access token is bound to another certificate (RFC 8705).');
      }
      return { clientId, consentId: accountId, scopes: new Set(scope.split(' ')) };
    },
  };
}

function refuse(code: string, text: string): Refusal {
  return new Refusal(401, code, text, { path: 'Authorization' });
}
