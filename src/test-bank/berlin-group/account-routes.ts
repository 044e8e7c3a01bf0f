import type { Context, Hono } from 'hono';
import type { Bank } from '../bank.ts';
import { useConsent, type ConsentUse } from '../consents/use-consent.ts';
import type { Grant } from '../consents/consent.ts';
import type { ReportedBook } from '../ledger/joined-book.ts';
import { Refusal } from '../refusal.ts';
import { psuIpAddress } from './headers.ts';
import { dataLinks } from './links.ts';
import { bookOf, isAggregate } from './multicurrency.ts';
import { parseTransactionQuery } from './transaction-query.ts';
import { formatOf, statementAnswer } from './statement-answer.ts';
import { styleOf, transactionReport } from './transaction-report.ts';
import { accountsOf, resourceIdOf, wireAccount, wireReference, type AccountList } from './wire-account.ts';
import { wireBalances } from './wire-balance.ts';
import { wireTransaction } from './wire-transaction.ts';

/** Accounts or card accounts: the same questions on two lists (Implementation Guidelines 6.4 to 6.7). */
export function accountRoutes(app: Hono, bank: Bank, list: AccountList, originOf: (context: Context) => string): void {
  const isCards = list === 'card-accounts';
  const refuseWhenSwitchedOff = () => {
    if (isCards && bank.scenario().bank.switches.cards !== 'card-accounts') {
      throw new Refusal(404, 'RESOURCE_UNKNOWN', 'This bank has no list of card accounts.');
    }
  };

  app.get(`/${list}`, async (context) => {
    refuseWhenSwitchedOff();
    const use = await open(bank, context, null);
    if (use.answer) return use.answer;
    const withBalance = context.req.query('withBalance') === 'true';
    const accounts = accountsOf(bank, use, list).map((account) =>
      wireAccount(bank, use, account, list, originOf(context), withBalance),
    );
    return context.json({ [isCards ? 'cardAccounts' : 'accounts']: accounts });
  });

  app.get(`/${list}/:id`, async (context) => {
    refuseWhenSwitchedOff();
    const use = await open(bank, context, context.req.param('id'));
    if (use.answer) return use.answer;
    const { account } = findBook(bank, use, list, context.req.param('id'), 'accounts');
    const withBalance = context.req.query('withBalance') === 'true';
    return context.json({
      [isCards ? 'cardAccount' : 'account']: wireAccount(bank, use, account, list, originOf(context), withBalance),
    });
  });

  app.get(`/${list}/:id/balances`, async (context) => {
    refuseWhenSwitchedOff();
    const use = await open(bank, context, context.req.param('id'));
    if (use.answer) return use.answer;
    const book = findBook(bank, use, list, context.req.param('id'), 'balances');
    const ledger = bank.ledger();
    return context.json({
      [isCards ? 'cardAccount' : 'account']: wireReference(bank, book.account),
      balances: wireBalances(book, ledger.day, bank.scenario().bank.switches, use.effect),
    });
  });

  app.get(`/${list}/:id/transactions`, async (context) => {
    refuseWhenSwitchedOff();
    const use = await open(bank, context, context.req.param('id'));
    if (use.answer) return use.answer;
    const book = findBook(bank, use, list, context.req.param('id'), 'transactions');
    const parameters = context.req.query();
    const { switches } = bank.scenario().bank;
    // XML and text have one currency to a statement.
    const report = isAggregate(book.account) ? 'json' : switches.report;
    const format = formatOf(report, context.req.header('accept'));
    const query = parseTransactionQuery(parameters, switches);
    refusePending(bank, use, query.pending, query.booked);
    if (format !== 'json' && !query.information) return statementAnswer(bank, use, book, query, format);
    const request = { origin: originOf(context), path: context.req.path, parameters };
    const answer = transactionReport(bank, use, book, list, query, request);
    if (query.isDelta && !query.page) noteDelta(bank, use, book);
    return context.json(answer);
  });

  if (isCards) return;
  app.get('/accounts/:id/transactions/:transactionId', async (context) => {
    const use = await open(bank, context, context.req.param('id'));
    if (use.answer) return use.answer;
    const book = findBook(bank, use, list, context.req.param('id'), 'transactions');
    const position = book.find(context.req.param('transactionId'));
    const [movement] = position === null ? [] : book.booked(position, position + 1);
    if (!movement) throw new Refusal(404, 'RESOURCE_UNKNOWN', 'The account has no such transaction.');
    const { switches } = bank.scenario().bank;
    const origin = originOf(context);
    const self = `/accounts/${resourceIdOf(bank, book.account, use.consent.id)}/transactions/${movement.id}`;
    const _links = dataLinks(switches.links, origin, { transactionDetails: self });
    const style = styleOf(bank, use, book, list, origin, false)(movement, 0, position);
    return context.json({
      transactionsDetails: { ...wireTransaction(movement, style), ...(_links ? { _links } : {}) },
    });
  });
}

/** Opens the consent of a data call and counts the call by the bank's rule. */
function open(bank: Bank, context: Context, resourceId: string | null): Promise<ConsentUse> {
  const { rate, psuIpAddress: isIpAddressNeeded } = bank.scenario().bank.switches;
  if (isIpAddressNeeded === 'always' && psuIpAddress(context) === null) {
    throw new Refusal(400, 'FORMAT_ERROR', 'The header PSU-IP-Address is mandatory at this bank.', {
      path: 'PSU-IP-Address',
    });
  }
  const isFurtherPage = context.req.query('page') !== undefined || Number(context.req.query('pageIndex') ?? 0) > 0;
  const counted = { endpoint: context.req.path, account: resourceId ?? 'list', consent: 'consent' }[rate];
  return useConsent(bank, {
    consentId: context.req.header('consent-id'),
    isAttended: psuIpAddress(context) !== null,
    countedAs: isFurtherPage ? null : counted,
    path: context.req.path,
    signal: context.req.raw.signal,
  });
}

function findBook(bank: Bank, use: ConsentUse, list: AccountList, resourceId: string, what: keyof Grant): ReportedBook {
  const account = accountsOf(bank, use, list).find(
    (candidate) => resourceIdOf(bank, candidate, use.consent.id) === resourceId,
  );
  const isHidden = use.effect?.at === 'content' && use.effect.outcome === 'account-not-found';
  if (!account || isHidden) throw new Refusal(404, 'RESOURCE_UNKNOWN', 'The consent covers no such account.');
  const book = bookOf(bank, account, use.consent.grant[what]);
  if (!book) throw new Refusal(401, 'CONSENT_INVALID', `The consent does not cover the ${what} of this account.`);
  return book;
}

function refusePending(bank: Bank, use: ConsentUse, asksPending: boolean, asksBooked: boolean): void {
  const isRefused =
    (use.effect?.at === 'content' && use.effect.outcome === 'no-pending') ||
    (bank.scenario().bank.switches.pending === 'none' && !asksBooked);
  if (asksPending && isRefused) {
    throw new Refusal(400, 'PARAMETER_NOT_SUPPORTED', 'This bank shows no pending transactions.', {
      path: 'bookingStatus',
    });
  }
}

/** A later delta report begins after what is booked by now. */
function noteDelta(bank: Bank, { consent }: ConsentUse, book: ReportedBook): void {
  bank.consents.save({ ...consent, deltas: { ...consent.deltas, [book.account.id]: book.bookedCount } });
}
