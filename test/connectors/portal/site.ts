import { onTestFinished } from 'vitest';
import { createBankHttp, type BankHttpOptions } from '../../../src/connectors/bank-http.ts';
import type { BankCall, BankSession, PsuContext, SignInState } from '../../../src/connectors/connector.ts';
import { createPortalConnector } from '../../../src/connectors/portal/connector.ts';
import type { BankAccount, BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import type { Scenario } from '../../../src/test-bank/scenario/schema.ts';
import type { TestBankOptions } from '../../../src/test-bank/server.ts';
import { noon, openBankAt } from '../../test-bank/support.ts';
import { portalScenario } from '../../test-bank/portal/customer.ts';

export const psu: PsuContext = { ipAddress: '192.0.2.7' };
export const alice = { login: 'alice', password: 'secret12' };
export const asked = { returnUrl: 'https://us.example/back', state: 's', validUntil: '2026-09-01', frequencyPerDay: 4 };

/** A session as it comes back from where it was stored. */
export const stored = (session: BankSession): BankSession => JSON.parse(JSON.stringify(session));

/** The connector at a site, by the clock of the test; closed when the test ends. */
export function openConnector(siteUrl: string, clock = manualClock(noon), options: Partial<BankHttpOptions> = {}) {
  const http = createBankHttp({ retryDelayMilliseconds: 1, ...options });
  onTestFinished(() => http.close());
  const connector = createPortalConnector(http);
  const { signIn } = connector;
  if (!signIn) throw new Error('The connector has no sign-in.');
  const call = (present: PsuContext | null = psu): BankCall => ({
    endpoint: { baseUrl: siteUrl, timeZone: 'Europe/Paris', quirks: {} },
    clock,
    signal: new AbortController().signal,
    psu: present,
  });
  return {
    connector,
    call,
    begin: (
      credentials: Record<string, string>,
      session: BankSession | null = null,
      present: PsuContext | null = psu,
    ) => signIn.begin(call(present), { ...asked, credentials, session }),
    proceed: (session: BankSession, answer: string | null) =>
      signIn.proceed(call(), { ...asked, credentials: alice, session: stored(session) }, answer),
    accounts: (session: BankSession) => connector.listAccounts(call(), session),
    balances: (session: BankSession, account: BankAccount) => connector.readBalances(call(), session, account),
    async transactions(session: BankSession, account: BankAccount, from = '2026-01-01'): Promise<BankTransaction[]> {
      const found: BankTransaction[] = [];
      const window = { from, to: '2026-12-31' };
      for await (const page of connector.readTransactions(call(), session, account, window)) found.push(...page);
      return found;
    },
  };
}

/** A test bank at noon of 10 March 2026 and the connector at its portal. */
export async function openSite(
  scenario: Scenario = portalScenario(),
  options: TestBankOptions = {},
  http: Partial<BankHttpOptions> = {},
) {
  const bank = await openBankAt(noon, { scenario, ...options });
  onTestFinished(() => bank.close());
  const site = openConnector(`${bank.url}/portal`, bank.clock, http);
  return {
    ...site,
    server: bank,
    clock: bank.clock,
    bank: bank.bank,
    /** What the bank was asked since the last look, as `GET /portal/comptes`. */
    calls(): string[] {
      const made = bank.bank.calls.after(0).map(({ method, path }) => `${method} ${path}`);
      bank.bank.calls.clear();
      return made;
    },
    /** How many codes and requests reached a person's phone. */
    messages: (personId: string) => bank.bank.challenges.sentTo(personId).length,
    newest(personId: string) {
      const found = bank.bank.challenges.sentTo(personId)[0];
      if (!found) throw new Error('Nothing is on the phone.');
      return found;
    },
    /** Signs in and answers the code where one is asked. */
    async enter(credentials: Record<string, string> = alice): Promise<BankSession> {
      const begun = await site.begin(credentials);
      if (begun.status === 'SIGNED_IN') return stored(begun.session);
      const code = bank.bank.challenges.sentTo('alice')[0]?.code ?? '';
      return stored(signedIn(await site.proceed(begun.session, code)).session);
    },
  };
}

export function challenged(state: SignInState) {
  if (state.status !== 'CHALLENGED') throw new Error('The bank asks nothing.');
  return state;
}

export function signedIn(state: SignInState) {
  if (state.status !== 'SIGNED_IN') throw new Error(`The bank asks ${state.challenge.kind}.`);
  return state;
}
