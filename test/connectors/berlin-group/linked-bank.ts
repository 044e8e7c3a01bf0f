import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import type { BankCall, BankSession, PsuContext } from '../../../src/connectors/connector.ts';
import type { BankAccount, BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { addDays, dateIn } from '../../../src/kernel/calendar-date.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import { startTestBank } from '../../../src/test-bank/server.ts';
import { scenarioOf } from '../../test-bank/support.ts';

export const start = new Date('2026-03-10T09:00:00Z');
export const psu: PsuContext = { ipAddress: '192.0.2.7' };
const defaultScenario = new URL('../../../src/test-bank/scenario/default.yaml', import.meta.url);

interface BankOptions {
  /** A scenario as data; the default household when absent. */
  readonly scenario?: object;
  /** Fields of the scenario's `bank`, and its switches. */
  readonly bank?: Readonly<Record<string, unknown>>;
  readonly switches?: Readonly<Record<string, unknown>>;
  /** Changes of the person `bruno`. */
  readonly bruno?: Readonly<Record<string, unknown>>;
  readonly quirks?: Readonly<Record<string, unknown>>;
}

export type OpenBank = Awaited<ReturnType<typeof openBank>>;

/** The test bank over HTTP for one test, on 10 March 2026, and the connector in front of it. */
export async function openBank({ scenario, bank = {}, switches = {}, bruno = {}, quirks = {} }: BankOptions = {}) {
  const file = scenario ? structuredClone(scenario) : parse(await readFile(defaultScenario, 'utf8'));
  const data = { bank: {}, people: [], ...file };
  Object.assign(data.bank, {
    name: 'Banque',
    ...data.bank,
    ...bank,
    switches: { ...Reflect.get(data.bank, 'switches'), ...switches },
  });
  for (const person of data.people) if (Reflect.get(person, 'id') === 'bruno') Object.assign(person, bruno);
  const clock = manualClock(start);
  const server = await startTestBank({ clock, scenario: scenarioOf(data) });
  const http = createBankHttp({ clock, retryDelayMilliseconds: 1, answerTimeoutMilliseconds: 5000 });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const { clientId, clientSecret } = sandboxThirdParty;
  const connector = createBerlinGroupConnector(http, new Map([['default', { clientId, clientSecret }]]));
  const oauth = 'preStepScope' in quirks ? { oauth: { issuer: `${server.url}/oauth` } } : {};
  const endpoint = {
    baseUrl: `${server.url}/berlin-group/v1`,
    timeZone: 'Europe/Paris',
    quirks: { ...oauth, ...quirks },
  };
  const call = (present: PsuContext | null = psu): BankCall => ({
    endpoint,
    clock,
    signal: new AbortController().signal,
    psu: present,
  });
  const today = () => dateIn(endpoint.timeZone, clock.now());
  const request = () => ({
    returnUrl: 'https://us.example/return',
    state: 's-1',
    validUntil: addDays(today(), 90),
    frequencyPerDay: 4,
  });
  const opened = {
    bank: server.bank,
    url: server.url,
    clock,
    connector,
    call,
    today,
    request,
    /** The person gives access on the bank's pages, as often as the bank wants to see him. */
    async link(login = 'alice', password = 'tributary1'): Promise<BankSession> {
      let { redirectUrl, session }: { redirectUrl: string | null; session: BankSession } =
        await connector.startAuthorization(call(), request());
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- one visit after the other
        const back = new URL(await visitBank(redirectUrl ?? '', { login, password }));
        // oxlint-disable-next-line no-await-in-loop -- as above
        const state = await connector.readConsent(call(), session, Object.fromEntries(back.searchParams));
        if (state.status === 'ACTIVE') return state.session;
        if (state.status !== 'PENDING' || !state.continued) throw new Error(`The consent is ${state.status}.`);
        ({ redirectUrl, session } = state.continued);
      }
    },
    async transactions(session: BankSession, account: BankAccount, days = 400): Promise<BankTransaction[]> {
      const found: BankTransaction[] = [];
      const window = { from: addDays(today(), -days), to: today() };
      for await (const page of connector.readTransactions(call(), session, account, window)) found.push(...page);
      return found;
    },
    /** What was asked of the bank since the last look: methods and paths below its base address. */
    asked(): string[] {
      const calls = server.bank.calls.after(seen);
      seen = calls.at(-1)?.sequence ?? seen;
      return calls.map(({ method, path }) => `${method} ${path.replace('/berlin-group/v1', '')}`);
    },
  };
  let seen = 0;
  return opened;
}
