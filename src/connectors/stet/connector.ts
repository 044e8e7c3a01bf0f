import type { BankHttp } from '../bank-http.ts';
import type { BankIdentities } from '../bank-identity.ts';
import type { Connector } from '../connector.ts';
import { endAccess, readAccess, renewAccess, startAccess } from './access.ts';
import { callStet, readAnswer, type StetBank } from './client.ts';
import { listAccounts } from './accounts.ts';
import { normalizeBalances } from './normalize-account.ts';
import { stetQuirks } from './quirks.ts';
import { openSession } from './session.ts';
import { readTransactions } from './transactions.ts';
import { wireBalances } from './wire.ts';

/** A card may have no balances at all: its links then lead to transactions only (STET 1.4, AccountResource). */
const withoutBalances = new Set([404, 405]);

/** The connector for the STET PSD2 API, versions 1.4 to 1.6: most French banks. */
export function createStetConnector(http: BankHttp, identities: BankIdentities): Connector {
  const bank: StetBank = { http, identities };
  return {
    dialect: 'stet',
    channel: 'REDIRECT',
    signIn: null,
    startAuthorization: (call, request) => startAccess(bank, call, request),
    renewSession: (call, session) => renewAccess(bank, call, session),
    readConsent: (call, session, returnParameters) => readAccess(bank, call, session, returnParameters),
    revokeConsent: (call, session, keep) => endAccess(bank, call, session, keep),
    listAccounts: (call, session) => listAccounts(bank, call, session),

    async readBalances(call, given, account) {
      const session = openSession(call, given);
      const target = `accounts/${encodeURIComponent(account.bankAccountId)}/balances`;
      const answer = await callStet(bank, call, session, {
        method: 'GET',
        target,
        resource: 'account',
        isCounted: true,
      });
      if (answer.isRefused && account.type === 'CREDIT_CARD' && withoutBalances.has(answer.status)) return [];
      const balances = readAnswer(answer, wireBalances)?.balances ?? [];
      return normalizeBalances(balances, account, call.endpoint.timeZone, stetQuirks(call.endpoint));
    },

    offersDelta: (endpoint) => stetQuirks(endpoint).delta === 'entry-reference',
    readTransactions: (call, session, account, window) => readTransactions(bank, call, session, account, window),
  };
}
