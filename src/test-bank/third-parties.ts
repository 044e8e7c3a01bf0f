import type { Bank } from './bank.ts';
import { openGate, type Gate } from './certificates/gate.ts';
import { parseRoots, type ServerCertificates } from './certificates/server-certificates.ts';
import { oauthRecords, oauthRecordSchema, type OauthRecords } from './authorization-server/records.ts';
import { accessTokens, type AccessTokens } from './authorization-server/tokens.ts';
import { stetConsentSchema, type StetConsents } from './stet/consent-record.ts';

/** What the faces share about third parties: who may call, and what their tokens open. */
export interface ThirdParties {
  readonly bank: Bank;
  readonly gate: Gate;
  readonly records: OauthRecords;
  readonly tokens: AccessTokens;
  readonly consents: StetConsents;
}

/** Opens it over the state of a bank; once for each bank. */
export function thirdPartiesOf(bank: Bank, certificates: ServerCertificates | null, isPublic: boolean): ThirdParties {
  const records = oauthRecords(bank.state.collection('oauth', oauthRecordSchema), bank.clock);
  return {
    bank,
    gate: openGate(bank, {
      trustedRoots: parseRoots(certificates?.trustedRoots ?? []),
      certificateHosts: isPublic ? 'public' : 'public-and-loopback',
    }),
    records,
    tokens: accessTokens(records),
    consents: bank.state.collection('stet-consents', stetConsentSchema),
  };
}
