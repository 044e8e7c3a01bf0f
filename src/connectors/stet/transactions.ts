import { Failure } from '../../domain/failure.ts';
import type { BankAccount, BankTransaction } from '../../domain/bank-snapshot.ts';
import { addDays, dateIn, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { AnswerRemark, BankCall, BankSession, TransactionWindow } from '../connector.ts';
import { isInside, mayRefuseAnchor } from '../delta.ts';
import { resourceUrl } from '../page-link.ts';
import { callStet, type StetBank } from './client.ts';
import { normalizeTransaction } from './normalize.ts';
import { readPages } from './pages.ts';
import { stetQuirks, type StetQuirks } from './quirks.ts';
import { openSession } from './session.ts';
import { wireTransactions } from './wire.ts';

/** What banks that refuse older days usually show (90 days at BPCE). */
const usualHistoryDays = 89;

/** All entries of one account, page by page: see `Connector.readTransactions`. */
export async function* readTransactions(
  bank: StetBank,
  call: BankCall,
  given: BankSession,
  account: BankAccount,
  window: TransactionWindow,
): AsyncGenerator<readonly BankTransaction[], ReadonlySet<AnswerRemark> | 'ANCHOR_REFUSED' | void> {
  const session = openSession(call, given);
  const quirks = stetQuirks(call.endpoint);
  const context = { account, timeZone: call.endpoint.timeZone, quirks };
  const from = latest(window.from, quirks.historyDays === undefined ? null : daysAgo(call, quirks.historyDays));
  if (from > window.to) return;

  const ask = (target: URL, isCounted = false) =>
    callStet(bank, call, session, { method: 'GET', target, resource: 'account', isCounted });
  const { anchor } = window;
  let first = await ask(reportUrl(call, account, { ...window, from }, quirks), true);
  if (anchor && first.isRefused && mayRefuseAnchor(first)) return 'ANCHOR_REFUSED';
  const shorter = latest(from, daysAgo(call, usualHistoryDays));
  if (!anchor && first.isRefused && first.status === 400 && from < shorter && shorter <= window.to) {
    await call.spendAgain?.();
    first = await ask(reportUrl(call, account, { from: shorter, to: window.to }, quirks), true);
  }

  const remarks = new Set<AnswerRemark>();
  let usable = 0;
  for await (const page of readPages(call, first, ask, wireTransactions)) {
    const entries = page.map((entry) => normalizeTransaction(entry, context));
    const known = entries.filter((entry) => typeof entry !== 'string');
    for (const entry of entries) if (typeof entry === 'string' && entry !== 'NOT_A_MOVEMENT') remarks.add(entry);
    usable += known.length;
    // Another currency cannot be summed with the account's balance; leaving it out would lose money silently.
    if (known.some((entry) => entry.money.currency !== account.currency))
      throw new Failure('DATA_INCONSISTENT', {
        message: 'The bank gives transactions in another currency than that of their account.',
      });
    const inside = known.filter((entry) => isInside(entry, from, window));
    if (inside.length > 0) yield inside;
  }
  if (remarks.size > 0 && usable === 0) throw new Failure('DATA_INCONSISTENT');
  return remarks;
}

function daysAgo({ clock, endpoint }: BankCall, days: number): CalendarDate {
  return addDays(dateIn(endpoint.timeZone, clock.now()), -days);
}

function latest(day: CalendarDate, other: CalendarDate | null): CalendarDate {
  return other !== null && other > day ? other : day;
}

const dateNames = {
  standard: ['dateFrom', 'dateTo'],
  'entry-dates': ['entryDateFrom', 'entryDateTo'],
} as const;

/** The first one is left out, the second one is not. */
const anchorNames = { '1.4': 'afterEntryReference', '1.6': 'entryReferenceFrom' } as const satisfies Record<
  StetQuirks['version'],
  string
>;

/**
 * The last day is not asked for by the standard's filter: it is the first one that is left out. A bank that minds days
 * beside an entry would leave out what it has dated back: they are not named then.
 */
function reportUrl(
  { endpoint }: BankCall,
  { bankAccountId }: BankAccount,
  { from, to, anchor }: TransactionWindow,
  { dateParameters, version }: StetQuirks,
): URL {
  const url = resourceUrl(endpoint.baseUrl, `accounts/${encodeURIComponent(bankAccountId)}/transactions`);
  if (anchor) url.searchParams.set(anchorNames[version], anchor.entryReference);
  if (anchor || dateParameters === 'none') return url;
  const [fromName, toName] = dateNames[dateParameters];
  url.searchParams.set(fromName, from);
  url.searchParams.set(toName, addDays(to, 1));
  return url;
}
