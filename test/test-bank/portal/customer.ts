import { parseScenario } from '../../../src/test-bank/scenario/parse-scenario.ts';
import type { Scenario } from '../../../src/test-bank/scenario/schema.ts';
import type { TestBank } from '../../../src/test-bank/server.ts';

interface Page {
  readonly status: number;
  /** Path and query of the page that is shown in the end. */
  readonly address: string;
  readonly html: string;
  readonly headers: Headers;
}

/** A person's browser without scripts: keeps cookies, follows redirects, posts the form of the last page. */
export interface Customer {
  get(address: string): Promise<Page>;
  /** Posts the fields to where the last page is, with the token of its form unless another is given. */
  post(fields: Record<string, string>, address?: string): Promise<Page>;
  readonly cookies: ReadonlyMap<string, string>;
  readonly setCookies: readonly string[];
}

export function customerOf(bank: Pick<TestBank, 'url'>, headers: Record<string, string> = {}): Customer {
  const cookies = new Map<string, string>();
  const setCookies: string[] = [];
  let last: Page = { status: 0, address: '/', html: '', headers: new Headers() };
  async function visit(address: string, request: RequestInit): Promise<Page> {
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const response = await fetch(new URL(address, bank.url), {
      ...request,
      redirect: 'manual',
      headers: { 'accept-language': 'fr', cookie, ...headers },
    });
    for (const text of response.headers.getSetCookie()) {
      setCookies.push(text);
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(text) ?? [];
      cookies.set(name, value);
    }
    const html = await response.text();
    const location = response.headers.get('location');
    if (response.status === 303 && location !== null) return visit(location, { method: 'GET' });
    last = { status: response.status, address, html, headers: response.headers };
    return last;
  }
  return {
    cookies,
    setCookies,
    get: (address) => visit(address, { method: 'GET' }),
    post(fields, address = last.address) {
      const csrf = /name="csrf" value="([^"]*)"/.exec(last.html)?.[1] ?? '';
      return visit(address, { method: 'POST', body: new URLSearchParams({ csrf, ...fields }) });
    },
  };
}

/** Signs in at the first layout and gives the page that follows. */
export async function signIn(customer: Customer, login: string, password = 'secret12'): Promise<Page> {
  await customer.get('/portal');
  return customer.post({ login, password });
}

/** The code on the person's phone. */
export async function codeOnPhone(bank: TestBank, login: string): Promise<string> {
  const html = await (await fetch(`${bank.url}/phone?login=${login}`)).text();
  return /id="code"[^>]*>\s*(\d+)/.exec(html)?.[1] ?? '';
}

/** The name of the problem that a form tells, or the notice that took its place. */
export function problemOf({ html }: { html: string }): string | null {
  return /data-(?:problem|notice)="([^"]*)"/.exec(html)?.[1] ?? null;
}

/** The text of every element of a class, tags left out and white space as a browser shows it. */
export function textsOf({ html }: { html: string }, className: string): string[] {
  const pattern = new RegExp(`<(\\w+)[^>]*class="(?:[^"]* )?${className}(?: [^"]*)?"[^>]*>([\\s\\S]*?)</\\1>`, 'g');
  return [...html.matchAll(pattern)].map(([, , content = '']) =>
    content
      .replace(/<[^>]*>/g, ' ')
      .replace(/[ \n\t]+/g, ' ')
      .trim(),
  );
}

interface Changes {
  readonly portal?: object;
  readonly person?: object;
  readonly transactions?: readonly object[];
}

/** Two people; the first has every type of account. */
export function portalScenario({ portal = {}, person = {}, transactions }: Changes = {}): Scenario {
  const result = parseScenario(
    JSON.stringify(portalFile({ portal, person, ...(transactions ? { transactions } : {}) })),
  );
  if (!result.scenario) throw new Error(JSON.stringify(result.problems));
  return result.scenario;
}

/** The same as data, to be served as a file. */
export function portalFile({ portal = {}, person = {}, transactions }: Changes = {}): object {
  const other = { owners: ['alice'], openingBalance: '100.00' };
  return {
    seed: 'portal',
    epoch: '2026-01-01',
    bank: { name: 'Banque du Test', portal },
    people: [
      { id: 'alice', name: 'Alice <Martin>', login: 'alice', password: 'secret12', ...person },
      { id: 'bruno', name: 'Bruno', login: 'bruno', password: 'password' in person ? person.password : 'secret12' },
    ],
    accounts: [
      {
        id: 'current',
        owners: ['alice'],
        type: 'checking',
        name: 'Compte courant',
        iban: 'FR7630006000011234567890189',
        openingBalance: '12345.60',
        transactions: transactions ?? [
          { on: '2026-02-01', kind: 'transfer-in', amount: '2310.05', text: 'VIR SEPA RECU /DE <ATELIERS>' },
          { on: '2026-02-27', kind: 'card', amount: '-1250.50', text: 'FACTURE CARTE', valueDays: 1 },
          { on: '2026-03-09', kind: 'card', amount: '-42.00', text: 'STATION', pending: { days: 3 } },
        ],
      },
      { ...other, id: 'livret', type: 'savings', name: 'Livret A' },
      { ...other, id: 'card', type: 'card', name: 'Carte', maskedPan: '497401XXXXXX5678' },
      { ...other, id: 'loan', type: 'loan', name: 'Pret', openingBalance: '-9000.00' },
      { ...other, id: 'life', type: 'life-insurance', name: 'Assurance vie' },
      { ...other, id: 'shares', type: 'securities', name: 'PEA' },
      { ...other, id: 'theirs', owners: ['bruno'], type: 'checking', name: 'Compte de Bruno' },
    ],
  };
}
