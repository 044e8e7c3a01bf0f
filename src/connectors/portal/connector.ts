import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { Connector } from '../connector.ts';
import { readAccounts } from './accounts-page.ts';
import { readSessionState, signOut } from './consent.ts';
import { normalizeBalances } from './normalize.ts';
import { normalizeAccounts } from './normalize-account.ts';
import { portalSignIn } from './sign-in.ts';
import { openAccount, openAccounts } from './signed-in.ts';
import { readTransactions } from './statement.ts';
import { readStatement } from './statement-page.ts';

/** The connector for the online-banking site of the test bank's family: credentials, cookies and pages of HTML. */
export function createPortalConnector(http: BankHttp): Connector {
  return {
    dialect: 'portal',
    channel: 'EMBEDDED',
    signIn: portalSignIn(http),
    startAuthorization: () => Promise.reject(new Failure('SCA_METHOD_UNSUPPORTED')),
    renewSession: () => Promise.resolve(null),
    readConsent: (call, session) => readSessionState(http, call, session),
    revokeConsent: (call, session) => signOut(http, call, session),

    async listAccounts(call, session) {
      const { page, layout } = await openAccounts(http, call, session);
      return normalizeAccounts(readAccounts(call.endpoint.baseUrl, page, layout));
    },

    async readBalances(call, session, account) {
      const site = openAccount(http, call, session, account.bankAccountId);
      const balances = normalizeBalances(readStatement(await site.open(site.address), site.layout));
      if (balances.length === 0) throw new Failure('DATA_INCONSISTENT');
      return balances;
    },

    readTransactions: (call, session, account, window) => readTransactions(http, call, session, account, window),
  };
}
