import type { Context } from 'hono';
import type { Bank } from '../bank.ts';
import type { Gate } from '../certificates/gate.ts';
import { useConsent, type ConsentUse } from '../consents/use-consent.ts';
import type { AccessTokens } from '../authorization-server/tokens.ts';
import { Refusal } from '../refusal.ts';
import { stetGrant, type StetConsents, type StetGrant } from './consent-record.ts';

/** What a face needs to let a third party in. */
export interface StetDoor {
  readonly bank: Bank;
  readonly gate: Gate;
  readonly tokens: AccessTokens;
  readonly consents: StetConsents;
}

export interface StetUse extends ConsentUse {
  readonly grant: StetGrant;
}

/**
 * Lets a call in: certificate, signature, token of the same third party with the scope aisp, consent, and the number of
 * calls that are allowed without the person (per address and calendar day; further pages and PUT do not count).
 */
export async function openAccess({ bank, gate, tokens, consents }: StetDoor, context: Context): Promise<StetUse> {
  const organization = gate.requireCertificate(context);
  await gate.requireSignature(context, 'stet');
  const thumbprint = gate.certificateOf(context)?.thumbprint ?? null;
  const token = tokens.open(context.req.header('authorization'), thumbprint);
  if (organization !== null && organization !== token.clientId) {
    throw new Refusal(401, 'TOKEN_INVALID', 'The access token is of another third party than the certificate.');
  }
  if (!token.scopes.has('aisp')) throw new Refusal(403, 'FORBIDDEN', 'The access token has not the scope aisp.');
  const { rate } = bank.scenario().bank.switches;
  const isCounted = context.req.method === 'GET' && context.req.query('index') === undefined;
  const use = await useConsent(bank, {
    consentId: token.consentId,
    isAttended: (context.req.header('psu-ip-address') ?? '') !== '',
    countedAs: isCounted ? (rate === 'consent' ? 'consent' : context.req.path) : null,
    path: context.req.path,
    signal: context.req.raw.signal,
  });
  return { ...use, grant: stetGrant(bank, consents, use.consent) };
}
