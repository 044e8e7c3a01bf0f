import type { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession, Connector } from '../connector.ts';
import { callBerlinGroup, readBody } from './client.ts';
import { consentIdOf, endConsent, explainRefusal, readConsentState, startConsent } from './consent.ts';
import type { Resource } from './errors.ts';
import { normalizeAccount, normalizeBalances } from './normalize-account.ts';
import { berlinGroupQuirks } from './quirks.ts';
import { readReport } from './report.ts';
import { wireAccounts, wireBalances } from './wire.ts';

/** The connector for NextGenPSD2 XS2A 1.3.x of the Berlin Group, by redirect. */
export function createBerlinGroupConnector(http: BankHttp): Connector {
  /** Reads data that the consent opens. */
  async function read<Schema extends z.ZodType>(
    call: BankCall,
    session: BankSession,
    resource: Resource,
    target: string,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const consentId = consentIdOf(session);
    const answer = await callBerlinGroup(http, call, { method: 'GET', target, resource, consentId });
    if (answer.isRefused) throw await explainRefusal(http, call, session, answer.failure);
    return readBody(answer.body, schema);
  }

  return {
    dialect: 'berlin-group',
    channel: 'REDIRECT',
    signIn: null,
    startAuthorization: (call, request) => startConsent(http, call, request),
    renewSession: () => Promise.resolve(null),
    readConsent: (call, session, returnParameters) => readConsentState(http, call, session, returnParameters),
    revokeConsent: (call, session) => endConsent(http, call, session),

    async listAccounts(call, session) {
      const quirks = berlinGroupQuirks(call.endpoint);
      const { accounts } = await read(call, session, 'accounts', 'accounts', wireAccounts);
      const usable = accounts.map((account) => normalizeAccount(account, quirks)).filter((account) => account !== null);
      if (accounts.length > 0 && usable.length === 0) throw new Failure('DATA_INCONSISTENT');
      return usable;
    },

    async readBalances(call, session, account) {
      const path = `accounts/${encodeURIComponent(account.bankAccountId)}/balances`;
      const { balances } = await read(call, session, 'account', path, wireBalances);
      return normalizeBalances(balances, account, call.endpoint.timeZone);
    },

    readTransactions: (call, session, account, window) => readReport(http, call, session, account, window),
  };
}
