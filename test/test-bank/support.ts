import { manualClock, type ManualClock } from '../../src/kernel/clock.ts';
import { parseScenario } from '../../src/test-bank/scenario/parse-scenario.ts';
import type { Scenario } from '../../src/test-bank/scenario/schema.ts';
import { startTestBank, type TestBank, type TestBankOptions } from '../../src/test-bank/server.ts';

export const noon = new Date('2026-03-10T12:00:00Z');

/** A parsed scenario from data; throws with every problem when the data is wrong. */
export function scenarioOf(data: unknown): Scenario {
  const result = parseScenario(JSON.stringify(data));
  if (!result.scenario) throw new Error(JSON.stringify(result.problems, null, 2));
  return result.scenario;
}

interface OpenBank extends TestBank {
  readonly clock: ManualClock;
}

/** A bank on a free port with a clock that the test moves. */
export async function openBankAt(at: Date, options: TestBankOptions = {}): Promise<OpenBank> {
  const clock = manualClock(at);
  const bank = await startTestBank({ clock, control: true, ...options });
  return { ...bank, clock };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a bank's answer, looked at field by field
  readonly json: any;
}

export interface Caller {
  (method: string, path: string, options?: { headers?: Record<string, string>; body?: unknown }): Promise<Answer>;
}

/** Calls the Berlin Group face with the headers of an attended call. */
export function caller(bank: TestBank, headers: Record<string, string> = {}): Caller {
  return async (method, path, options = {}) => {
    const url = path.startsWith('http')
      ? path
      : `${bank.url}${path.startsWith('/control') ? '' : '/berlin-group/v1'}${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        'x-request-id': '11111111-2222-4333-8444-555555555555',
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
        ...options.headers,
      },
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
  };
}

export const attended = { 'psu-ip-address': '203.0.113.7' };
export const offered = { accounts: [], balances: [], transactions: [] };
export const returnTo = 'http://app.example/return?state=s1';

export async function requestConsent(call: Caller, access: object = offered, more: object = {}) {
  const answer = await call('POST', '/consents', {
    headers: { ...attended, 'tpp-redirect-uri': returnTo, 'tpp-nok-redirect-uri': 'http://app.example/nok' },
    body: {
      access,
      recurringIndicator: true,
      validUntil: '2027-01-01',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
      ...more,
    },
  });
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return { id: answer.json.consentId as string, page: answer.json._links.scaRedirect.href as string, answer };
}

/** A browser without scripts: keeps the cookie and the page's hidden field, does not follow redirects. */
export function browser() {
  let cookie = '';
  let csrf = '';
  async function visit(url: string, fields?: [string, string][]) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie, 'accept-language': 'en' },
      ...(fields ? { method: 'POST', body: new URLSearchParams([['csrf', csrf], ...fields]) } : {}),
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const text = await response.text();
    csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? csrf;
    return { status: response.status, location: response.headers.get('location'), headers: response.headers, text };
  }
  return { visit, forgetCookie: () => (cookie = '') };
}

/** Logs in and approves; the accounts default to all that the page offers. Gives where the bank sends the browser. */
export async function approveAt(page: string, login = 'alice', password = 'tributary1', accounts?: string[]) {
  const { visit } = browser();
  await visit(page);
  const afterLogin = await visit(`${page}/login`, [
    ['login', login],
    ['password', password],
  ]);
  if (!afterLogin.location?.endsWith('/approve')) return afterLogin.location;
  const approval = await visit(`${page}/approve`);
  const offeredAccounts = [...approval.text.matchAll(/name="account" value="([^"]+)"/g)].map((match) => match[1] ?? '');
  const chosen = (accounts ?? offeredAccounts).map((id): [string, string] => ['account', id]);
  return (await visit(`${page}/approve`, [['decision', 'approve'], ...chosen])).location;
}

/** A consent that alice has approved, and a caller that uses it. */
export async function linked(
  bank: TestBank,
  access: object = offered,
  login = 'alice',
  headers: Record<string, string> = attended,
) {
  const { id, page } = await requestConsent(caller(bank), access);
  const location = await approveAt(page, login);
  return { id, location, call: caller(bank, { 'consent-id': id, ...headers }) };
}
