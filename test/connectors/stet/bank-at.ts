import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import type { BankCall, BankSession, PsuContext } from '../../../src/connectors/connector.ts';
import { createStetConnector } from '../../../src/connectors/stet/connector.ts';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import { householdWith } from '../../test-bank/oauth/household.ts';
import { noon, openBankAt, scenarioOf } from '../../test-bank/support.ts';

export const psu: PsuContext = { ipAddress: '192.0.2.7' };
export const alice = { login: 'alice', password: 'tributary1' };

/** The STET connector before a test bank with one current account and one card, at noon of 10 March 2026. */
export async function openStetBank(habits: Record<string, unknown> = {}, quirks: Record<string, unknown> = {}) {
  const bank = await openBankAt(noon, { scenario: scenarioOf(householdWith(habits)) });
  const http = createBankHttp({ retryDelayMilliseconds: 1 });
  const { clientId, clientSecret } = sandboxThirdParty;
  const connector = createStetConnector(http, new Map([['default', { clientId, clientSecret }]]));
  const call = (present: PsuContext | null = psu): BankCall => ({
    endpoint: {
      baseUrl: `${bank.url}/stet/v1`,
      timeZone: 'Europe/Paris',
      quirks: { oauth: { issuer: `${bank.url}/oauth` }, ...quirks },
    },
    clock: bank.clock,
    signal: new AbortController().signal,
    psu: present,
  });
  const begin = (state = 's-1') =>
    connector.startAuthorization(call(), {
      returnUrl: 'https://tributary.example/return',
      state,
      validUntil: '2026-06-08',
      frequencyPerDay: 4,
    });
  /** The parameters with which the browser comes back. */
  async function visit(started: { redirectUrl: string }, visitor = alice): Promise<Record<string, string>> {
    return Object.fromEntries(new URL(await visitBank(started.redirectUrl, visitor)).searchParams);
  }
  async function link(visitor = alice): Promise<BankSession> {
    const started = await begin();
    const state = await connector.readConsent(call(), started.session, await visit(started, visitor));
    if (state.status !== 'ACTIVE') throw new Error(`The consent is ${state.status}.`);
    return state.session;
  }
  return {
    url: bank.url,
    clock: bank.clock,
    faults: bank.bank.faults,
    connector,
    call,
    begin,
    visit,
    link,
    /** Ends at the bank whatever the person has allowed. */
    revokeAtBank() {
      for (const consent of bank.bank.consents.all()) bank.bank.consents.save({ ...consent, status: 'revokedByPsu' });
    },
    /** The calls for data since the bank was opened. */
    dataCalls: () =>
      bank.bank.calls
        .after(0)
        .filter(({ path }) => path.startsWith('/stet/'))
        .map(({ method, path }) => `${method} ${path}`),
    async close() {
      await http.close();
      await bank.close();
    },
  };
}
