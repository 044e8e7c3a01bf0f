import { Failure } from '../../domain/failure.ts';
import type { BankAccount, BankTransaction } from '../../domain/bank-snapshot.ts';
import { addDays, dateIn } from '../../kernel/calendar-date.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession, TransactionWindow } from '../connector.ts';
import { followLink, resourceUrl } from '../page-link.ts';
import { callBerlinGroup, readBody, type BerlinGroupAnswer } from './client.ts';
import { consentIdOf, explainRefusal } from './consent.ts';
import { normalizeTransaction } from './normalize.ts';
import { berlinGroupQuirks, type BerlinGroupQuirks } from './quirks.ts';
import { wireTransactions } from './wire.ts';

const pagesMax = 20_000;
const emptyPagesInARowMax = 50;

/** Status codes by which banks refuse pending entries: they mean "not offered", not "broken". */
const notOffered = new Set([400, 405, 422]);

const statusesToAsk = {
  together: ['both'],
  separately: ['booked', 'pending'],
  never: ['booked'],
} as const satisfies Record<BerlinGroupQuirks['pending'], readonly string[]>;

/** The whole report of one account, page by page: see `Connector.readTransactions`. */
export async function* readReport(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  account: BankAccount,
  window: TransactionWindow,
): AsyncGenerator<readonly BankTransaction[]> {
  const { timeZone } = call.endpoint;
  const quirks = berlinGroupQuirks(call.endpoint);
  const context = { account, timeZone, quirks };
  const consentId = consentIdOf(session);
  const first = firstDay(call, window, quirks.historyDays);
  if (first > window.to) return;

  let given = 0;
  let usable = 0;
  for (const bookingStatus of statusesToAsk[quirks.pending]) yield* pages(bookingStatus);
  if (given > 0 && usable === 0) throw new Failure('DATA_INCONSISTENT');

  async function* pages(bookingStatus: string): AsyncGenerator<readonly BankTransaction[]> {
    let answer = await ask(reportUrl(bookingStatus));
    if (answer.isRefused && notOffered.has(answer.status)) {
      if (bookingStatus === 'pending') return;
      if (bookingStatus === 'both') answer = await ask(reportUrl('booked'));
    }
    const seen = new Set([answer.url.href]);
    for (let emptyPages = 0; ;) {
      if (answer.isRefused) throw await explainRefusal(http, call, session, answer.failure);
      const page = readBody(answer.body, wireTransactions);
      if (!page.isReport) throw new Failure('BANK_ERROR', { message: 'The bank answered without transactions.' });
      const entries = [
        ...page.booked.map((entry) => normalizeTransaction(entry, 'BOOKED', context)),
        ...page.pending.map((entry) => normalizeTransaction(entry, 'PENDING', context)),
      ].filter((entry) => entry !== null);
      // Another currency cannot be summed with the account's balance; leaving it out would lose money silently.
      if (entries.some((entry) => entry.money.currency !== account.currency))
        throw new Failure('DATA_INCONSISTENT', {
          message: 'The bank gives transactions in another currency than that of their account.',
        });
      given += page.booked.length + page.pending.length;
      usable += entries.length;
      const inside = entries.filter((entry) => isInside(entry, first, window.to));
      if (inside.length > 0) yield inside;

      if (page.next === null) return;
      const next = followLink(call.endpoint.baseUrl, answer.url, page.next);
      // A link that was followed before leads to what was read before: the bank has no more.
      if (seen.has(next.href)) return;
      seen.add(next.href);
      emptyPages = page.booked.length + page.pending.length === 0 ? emptyPages + 1 : 0;
      if (seen.size > pagesMax || emptyPages > emptyPagesInARowMax)
        throw new Failure('BANK_ERROR', { message: 'The bank gives pages of transactions without end.' });
      answer = await ask(next);
    }
  }

  function reportUrl(bookingStatus: string): URL {
    const path = `accounts/${encodeURIComponent(account.bankAccountId)}/transactions`;
    const url = resourceUrl(call.endpoint.baseUrl, path);
    url.search = new URLSearchParams({ bookingStatus, dateFrom: first, dateTo: window.to }).toString();
    return url;
  }

  function ask(target: URL): Promise<BerlinGroupAnswer> {
    return callBerlinGroup(http, call, { method: 'GET', target, resource: 'account', consentId });
  }
}

/** The first day asked for: not longer ago than the bank allows, counted in the bank's own days. */
function firstDay(call: BankCall, window: TransactionWindow, historyDays: number | undefined): string {
  if (historyDays === undefined) return window.from;
  const earliest = addDays(dateIn(call.endpoint.timeZone, call.clock.now()), -historyDays);
  return window.from < earliest ? earliest : window.from;
}

/**
 * Some banks ignore the dates they are asked for. A pending entry may be dated in the future (the last day on which it
 * will be booked) or not at all, and is kept.
 */
function isInside(entry: BankTransaction, from: string, to: string): boolean {
  if (entry.bookedOn === null) return true;
  return entry.bookedOn >= from && (entry.status === 'PENDING' || entry.bookedOn <= to);
}
