import { z } from 'zod';

/** Switches of how a third party gets in: certificates, signatures, tokens, and the STET dialect. */
export const accessSwitches = {
  certificate: z
    .enum(['ignored', 'required'])
    .default('ignored')
    .describe(
      'Required: TLS with a client certificate (QWAC) on every call of a third party. The bank must serve TLS.',
    ),
  signature: z
    .enum(['ignored', 'required'])
    .default('ignored')
    .describe('Required: each call is signed with a QSealC (draft-cavage, Digest).'),
  clientAuthentication: z
    .enum(['client-secret', 'tls-client-auth'])
    .default('client-secret')
    .describe(
      'How a third party proves itself at the token endpoint. tls-client-auth: RFC 8705, tokens bound to the certificate.',
    ),
  refreshTokens: z
    .enum(['rotating', 'static'])
    .default('rotating')
    .describe('Rotating: single-use, and a second use ends the whole family: N26. Static: BPCE.'),
  stetConsent: z
    .enum(['mixed', 'full-aisp'])
    .default('mixed')
    .describe(
      'STET. Mixed: PUT /consents opens balances and transactions (BPCE). Full AISP: the approval does (Connexis).',
    ),
  stetVersion: z
    .enum(['1.4', '1.6'])
    .default('1.4')
    .describe(
      'STET. 1.6: remittanceInformation is an object, entryReferenceFrom and -To take the place of afterEntryReference.',
    ),
};
