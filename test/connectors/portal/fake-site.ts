import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'vitest';
import { openServer } from '../http/fake-server.ts';
import type { BankAccount } from '../../../src/domain/bank-snapshot.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { openConnector } from './site.ts';

type Respond = (response: ServerResponse, request: IncomingMessage) => void;

/** A site of the test's own at `/portal`, by path, for what no well-behaved bank does. Everything else is not found. */
export async function openFakeSite(pages: Record<string, string | Respond>) {
  const server = await openServer((request, response) => {
    const page = pages[(request.url ?? '').split('?')[0] ?? ''];
    if (page === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<p data-notice="not-found">');
    else if (typeof page === 'string') response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else page(response, request);
  });
  const site = openConnector(`${server.origin}/portal`);
  return { ...site, server, paths: () => server.received.map(({ method, url }) => `${method} ${url}`) };
}

export const redirectTo =
  (location: string, status = 303): Respond =>
  (response) =>
    response.writeHead(status, { location }).end();

/** A session at the first layout, without any cookie. */
export const session = {
  cookies: { version: 'tough-cookie@6.1.0', storeType: 'MemoryCookieStore', rejectPublicSuffixes: true, cookies: [] },
  layout: 'v1',
  secondFactor: 'NONE',
  validUntil: '2026-09-01',
  frequencyPerDay: 4,
};

export const account: BankAccount = {
  bankAccountId: 'a1',
  iban: null,
  maskedPan: null,
  otherIdentification: '12345678901',
  bic: null,
  currency: 'EUR',
  name: 'Compte',
  ownerName: null,
  product: null,
  type: 'CHECKINGS',
  usage: null,
  isClosed: false,
};

export const loginForm = (action = '/portal/connexion') =>
  `<form method="post" action="${action}"><input type="hidden" name="csrf" value="token-1">
   <input name="login"><input name="password" type="password"></form>`;

interface AccountMarkup {
  readonly id?: string;
  readonly href?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly number?: string;
  readonly balance?: string;
}

export function accountsPage(...accounts: readonly AccountMarkup[]): string {
  const rows = accounts.map(
    ({ id = 'a1', href, kind = 'checking', name = 'Compte', number = '12345678901', balance = '1,00 €' }) =>
      `<tr class="compte" data-type="${kind}"><td><a class="libelle" href="${href ?? `/portal/comptes/${id}`}">${name}</a>
       <span class="hint">Compte courant</span></td><td class="numero">${number}</td><td class="solde">${balance}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

interface RowMarkup {
  readonly date?: string;
  readonly text?: string;
  readonly value?: string;
  readonly debit?: string;
  readonly credit?: string;
  readonly isPending?: boolean;
}

export function statementPage(rows: readonly RowMarkup[], next = ''): string {
  const table = rows.map(
    ({ date = '01/03/2026', text = 'ACHAT', value = '', debit = '', credit = '', isPending = false }) =>
      `<tr class="operation${isPending ? ' a-venir' : ''}"><td class="date">${date}</td><td class="libelle">${text}</td><td class="date-valeur">${value}</td>
       <td class="debit">${debit}</td><td class="credit">${credit}</td></tr>`,
  );
  const link = next === '' ? '' : `<a rel="next" href="${next}">Suite</a>`;
  return `<dl class="soldes"><dd class="solde">1,00 €</dd></dl><table>${table.join('')}</table>${link}`;
}

/** A word that a page of the bank holds and nobody may see again. */
export const secret = 'geheim-1789';

/** The failure, after it was seen to quote nothing of the page, neither itself nor what it was caused by. */
export async function failureOf(reading: Promise<unknown>): Promise<string> {
  const outcome = await reading.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Failure)) throw new Error(`No failure but ${String(outcome)}`, { cause: outcome });
  expect(JSON.stringify([outcome.toRecord(), outcome.cause, outcome.issues, outcome.stack])).not.toContain(secret);
  return outcome.code;
}

/** What the list of accounts is read as. */
export async function listing(html: string) {
  const site = await openFakeSite({ '/portal/comptes': html });
  return site.accounts(session);
}

/** What the first page of a statement is read as. */
export async function reading(html: string) {
  const site = await openFakeSite({ '/portal/comptes/a1': html });
  return site.transactions(session, account);
}

/** What the connector says of the first page of a statement besides its entries. */
export async function remarksOn(html: string) {
  const { connector, call } = await openFakeSite({ '/portal/comptes/a1': html });
  const window = { from: '2026-01-01', to: '2026-12-31' };
  const pages = connector.readTransactions(call(), session, account, window)[Symbol.asyncIterator]();
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one page after the other
    const page = await pages.next();
    if (page.done) return page.value;
  }
}
