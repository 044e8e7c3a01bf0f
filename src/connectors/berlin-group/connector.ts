import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { Connector } from '../connector.ts';
import { readBerlinGroup } from './client.ts';
import { consentIdOf, endConsent, readConsentState, startConsent } from './consent.ts';
import { normalizeAccount, normalizeBalances } from './normalize-account.ts';
import { berlinGroupQuirks } from './quirks.ts';
import { readReport } from './report.ts';
import { wireAccounts, wireBalances } from './wire.ts';

/** The connector for NextGenPSD2 XS2A 1.3.x of the Berlin Group, by redirect. */
export function createBerlinGroupConnector(http: BankHttp): Connector {
  return {
    dialect: 'berlin-group',
    channel: 'REDIRECT',
    startAuthorization: (call, request) => startConsent(http, call, request),
    readConsent: (call, session, returnParameters) => readConsentState(http, call, session, returnParameters),
    revokeConsent: (call, session) => endConsent(http, call, session),

    async listAccounts(call, session) {
      const quirks = berlinGroupQuirks(call.endpoint);
      const { accounts } = await readBerlinGroup(
        http,
        call,
        { method: 'GET', target: 'accounts', resource: 'accounts', consentId: consentIdOf(session) },
        wireAccounts,
      );
      const usable = accounts.map((account) => normalizeAccount(account, quirks)).filter((account) => account !== null);
      if (accounts.length > 0 && usable.length === 0) throw new Failure('DATA_INCONSISTENT');
      return usable;
    },

    async readBalances(call, session, account) {
      const target = `accounts/${encodeURIComponent(account.bankAccountId)}/balances`;
      const { balances } = await readBerlinGroup(
        http,
        call,
        { method: 'GET', target, resource: 'account', consentId: consentIdOf(session) },
        wireBalances,
      );
      return normalizeBalances(balances, account, call.endpoint.timeZone);
    },

    readTransactions: (call, session, account, window) => readReport(http, call, consentIdOf(session), account, window),
  };
}
