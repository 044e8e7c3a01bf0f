import type { Context } from 'hono';
import type { AccessTokens } from '../authorization-server/tokens.ts';
import type { Bank } from '../bank.ts';
import type { Gate } from '../certificates/gate.ts';
import { Refusal } from '../refusal.ts';

/** What the face asks about third parties. */
export interface Door {
  readonly gate: Gate;
  readonly tokens: AccessTokens;
}

/** Where the bank wants them: certificate, signature, and the access token of its OAuth2 approach. Throws Refusals. */
export async function letIn(bank: Bank, { gate, tokens }: Door, context: Context): Promise<void> {
  const organization = gate.requireCertificate(context);
  await gate.requireSignature(context, 'berlin-group');
  const { scaApproach } = bank.scenario().bank;
  const isAboutConsents = /\/consents(\/|$)/.test(context.req.path);
  const wantsToken = scaApproach === 'oauth-pre-step' || (scaApproach === 'oauth-integrated' && !isAboutConsents);
  if (!wantsToken) return;
  const thumbprint = gate.certificateOf(context)?.thumbprint ?? null;
  const token = tokens.open(context.req.header('authorization'), thumbprint);
  if (organization !== null && organization !== token.clientId) {
    throw new Refusal(401, 'TOKEN_INVALID', 'The access token is of another third party than the certificate.');
  }
  const consentId = context.req.header('consent-id');
  if (scaApproach === 'oauth-integrated') requireOwnConsent(token.consentId, consentId);
  else requireOwnPerson(bank, token, isAboutConsents ? undefined : consentId);
}

/** The token of the integrated approach was made for one consent: scope `AIS:<consentId>`. */
function requireOwnConsent(own: string, asked: string | undefined): void {
  if (asked !== undefined && asked !== own) {
    throw new Refusal(401, 'CONSENT_INVALID', 'The access token is not that of this consent.', { path: 'Consent-ID' });
  }
}

/** The token of the pre-step tells who the person is: it opens the consents that he authorised. */
function requireOwnPerson(
  bank: Bank,
  token: { readonly consentId: string; readonly scopes: ReadonlySet<string> },
  asked: string | undefined,
): void {
  const signedIn = bank.consents.find(token.consentId);
  if (!token.scopes.has('AIS') || signedIn?.status !== 'valid') {
    throw new Refusal(401, 'TOKEN_INVALID', 'The access token is not one of the pre-step, scope AIS.', {
      path: 'Authorization',
    });
  }
  const personId = asked === undefined ? null : (bank.consents.find(asked)?.personId ?? null);
  if (personId !== null && personId !== signedIn.personId) {
    throw new Refusal(401, 'CONSENT_INVALID', 'The access token is of another person than the consent.', {
      path: 'Consent-ID',
    });
  }
}
