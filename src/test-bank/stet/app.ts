import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Bank } from '../bank.ts';
import { transportFaults } from '../faults/transport.ts';
import type { AccountBook } from '../ledger/ledger.ts';
import { Refusal } from '../refusal.ts';
import { openAccess, type StetDoor, type StetUse } from './access.ts';
import { readStetConsent } from './consent-record.ts';
import { stetError } from './error-body.ts';
import { halLinks } from './links.ts';
import { stetTransactionPage } from './transaction-page.ts';
import { parseStetQuery } from './transaction-query.ts';
import { stetAccounts, stetResourceId, wireStetAccount } from './wire-account.ts';
import { wireStetBalances } from './wire-balance.ts';

const requestIdCharactersMax = 70;
const bodyBytesMax = 100_000;

/** The STET PSD2 face (AISP, 1.4 with the differences of 1.6 by a switch), to be mounted at `/stet/v1`. */
export function stetApp(door: StetDoor): Hono {
  const { bank, consents } = door;
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    const id = context.req.header('x-request-id');
    if (id !== undefined) context.header('X-Request-ID', id);
  });
  app.use(transportFaults(bank));
  app.use(async (context, next) => {
    const id = context.req.header('x-request-id') ?? '';
    if (id === '' || id.length > requestIdCharactersMax) {
      throw new Refusal(400, 'FORMAT_ERROR', 'The header X-Request-ID is mandatory, with at most 70 characters.');
    }
    await next();
  });

  app.get('/accounts', async (context) => {
    const use = await openAccess(door, context);
    if (use.answer) return use.answer;
    const accounts = stetAccounts(bank, use).map((account) => wireStetAccount(bank, use, account));
    if (accounts.length === 0) return nothing(context);
    const { psuIdentity, trustedBeneficiaries } = use.grant;
    return hal(context, {
      accounts,
      _links: halLinks({
        self: '/accounts',
        ...(psuIdentity ? { endUserIdentity: '/end-user-identity' } : {}),
        ...(trustedBeneficiaries ? { beneficiaries: '/trusted-beneficiaries' } : {}),
      }),
    });
  });

  app.get('/accounts/:id/balances', async (context) => {
    const use = await openAccess(door, context);
    if (use.answer) return use.answer;
    const id = context.req.param('id');
    const book = findBook(bank, use, id);
    requireConsented(use.grant.balances, book, 'balances');
    return hal(context, {
      balances: wireStetBalances(book, bank.ledger().day, bank.scenario().bank.switches, use.effect),
      _links: halLinks({
        self: `/accounts/${id}/balances`,
        'parent-list': '/accounts',
        ...(use.grant.transactions.includes(book.account.id) ? { transactions: `/accounts/${id}/transactions` } : {}),
      }),
    });
  });

  app.get('/accounts/:id/transactions', async (context) => {
    const use = await openAccess(door, context);
    if (use.answer) return use.answer;
    const book = findBook(bank, use, context.req.param('id'));
    requireConsented(use.grant.transactions, book, 'transactions');
    const query = parseStetQuery(context.req.query(), bank.scenario().bank.switches);
    const page = stetTransactionPage(bank, use, book, query, context.req.path);
    return page ? hal(context, page) : nothing(context);
  });

  app.put('/consents', bodyLimit({ maxSize: bodyBytesMax, onError: tooLarge }), async (context) => {
    const use = await openAccess(door, context);
    if (use.answer) return use.answer;
    if (bank.scenario().bank.switches.stetConsent === 'full-aisp') {
      throw new Refusal(501, 'SERVICE_INVALID', 'This bank keeps no detailed consent: the approval opens everything.');
    }
    consents.put(use.consent.id, await readStetConsent(bank, context, use.consent));
    return context.body(null, 201);
  });

  app.get('/end-user-identity', async (context) => {
    const use = await openAccess(door, context);
    if (use.answer) return use.answer;
    if (!use.grant.psuIdentity) throw new Refusal(403, 'FORBIDDEN', 'PUT /consents has not asked for psuIdentity.');
    const person = bank.scenario().people.find(({ id }) => id === use.consent.personId);
    if (!person) return nothing(context);
    return hal(context, { connectedPsu: person.name, _links: halLinks({ self: '/end-user-identity' }) });
  });

  app.get('/trusted-beneficiaries', async (context) => {
    const use = await openAccess(door, context);
    if (use.answer) return use.answer;
    if (!use.grant.trustedBeneficiaries) {
      throw new Refusal(403, 'FORBIDDEN', 'PUT /consents has not asked for trustedBeneficiaries.');
    }
    // The people of a scenario have no list of trusted beneficiaries.
    return nothing(context);
  });

  app.all('*', (context) => {
    throw context.req.method === 'GET'
      ? new Refusal(404, 'RESOURCE_UNKNOWN', 'This bank has no such address.')
      : new Refusal(405, 'SERVICE_INVALID', `This bank does not offer ${context.req.method} at this address.`);
  });
  app.onError((error, context) => {
    if (error instanceof Refusal) return stetError(error, context.req.path, bank.clock.now());
    bank.log.error({ err: error, path: context.req.path }, 'The test bank failed.');
    return stetError(
      new Refusal(500, 'INTERNAL_SERVER_ERROR', 'An internal error occurred.'),
      context.req.path,
      bank.clock.now(),
    );
  });
  return app;
}

function hal(context: Context, body: object): Response {
  return context.body(JSON.stringify(body), 200, { 'content-type': 'application/hal+json; charset=utf-8' });
}

function nothing(context: Context): Response {
  return context.body(null, 204);
}

function findBook(bank: Bank, use: StetUse, resourceId: string): AccountBook {
  const account = stetAccounts(bank, use).find(({ id }) => stetResourceId(bank, id, use.consent.id) === resourceId);
  const isHidden = use.effect?.at === 'content' && use.effect.outcome === 'account-not-found';
  const book = account && !isHidden ? bank.ledger().account(account.id) : null;
  if (!book) throw new Refusal(404, 'RESOURCE_UNKNOWN', 'The access covers no such account.');
  return book;
}

function requireConsented(ids: readonly string[], { account }: AccountBook, what: string): void {
  if (!ids.includes(account.id))
    throw new Refusal(403, 'FORBIDDEN', `The consent does not cover the ${what} of this account.`);
}

function tooLarge(): never {
  throw new Refusal(413, 'FORMAT_ERROR', 'The body is larger than 100 kB.');
}
