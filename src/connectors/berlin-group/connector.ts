import type { BankHttp } from '../bank-http.ts';
import type { BankIdentities } from '../bank-identity.ts';
import type { Connector } from '../connector.ts';
import { readResource } from './account-resource.ts';
import { endConsent, readConsentState, renewSession } from './consent.ts';
import { listAccounts, readBalances } from './list-accounts.ts';
import { normalizeBalances } from './normalize-balances.ts';
import { berlinGroupQuirks } from './quirks.ts';
import { readReport } from './report.ts';
import { createSignIn } from './sign-in.ts';
import { startConsent } from './start-consent.ts';

/** The connector for NextGenPSD2 XS2A 1.3.x of the Berlin Group, in all its approaches to strong authentication. */
export function createBerlinGroupConnector(http: BankHttp, identities: BankIdentities = new Map()): Connector {
  const parts = { http, identities };
  return {
    dialect: 'berlin-group',
    channel: 'REDIRECT',
    signIn: createSignIn(parts),
    startAuthorization: (call, request) => startConsent(parts, call, request),
    renewSession: (call, session) => renewSession(parts, call, session),
    readConsent: (call, session, returnParameters) => readConsentState(parts, call, session, returnParameters),
    revokeConsent: (call, session, keep) => endConsent(parts, call, session, keep),
    listAccounts: (call, session) => listAccounts(http, call, session),
    async readBalances(call, session, account) {
      const balances = await readBalances(http, call, session, readResource(account.bankAccountId));
      return normalizeBalances(balances, account, call.endpoint.timeZone, berlinGroupQuirks(call.endpoint));
    },
    offersDelta: (endpoint) => berlinGroupQuirks(endpoint).delta === 'entry-reference',
    readTransactions: (call, session, account, window) => readReport(http, call, session, account, window),
  };
}
