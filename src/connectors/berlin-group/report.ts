import { Failure } from '../../domain/failure.ts';
import type { BankAccount, BankTransaction } from '../../domain/bank-snapshot.ts';
import { addDays, dateIn, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { BankHttp } from '../bank-http.ts';
import type { AnswerRemark, BankCall, BankSession, TransactionWindow } from '../connector.ts';
import { isInside } from '../delta.ts';
import { readResource } from './account-resource.ts';
import { normalizeTransaction, type NormalizeContext } from './normalize.ts';
import { berlinGroupQuirks, type BerlinGroupQuirks } from './quirks.ts';
import { readPages } from './report-pages.ts';
import type { ReadPage, ReportQuestion } from './report-question.ts';
import { readWindows } from './report-windows.ts';
import type { ReportPage } from './wire.ts';

const statusesToAsk = {
  together: ['both'],
  separately: ['booked', 'pending'],
  never: ['booked'],
} as const satisfies Record<BerlinGroupQuirks['pending'], readonly ReportQuestion['bookingStatus'][]>;

const statuses = ['BOOKED', 'PENDING'] as const satisfies readonly BankTransaction['status'][];

/** The report of one account, page by page, by days or after an entry: see `Connector.readTransactions`. */
export async function* readReport(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  account: BankAccount,
  window: TransactionWindow,
): AsyncGenerator<readonly BankTransaction[], ReadonlySet<AnswerRemark> | 'ANCHOR_REFUSED' | void> {
  const quirks = berlinGroupQuirks(call.endpoint);
  const resource = readResource(account.bankAccountId);
  const context = { account, resource, timeZone: call.endpoint.timeZone, quirks };
  const from = firstDay(call, window, quirks.historyDays);
  if (from > window.to) return;

  const reader = { http, call, session, normalize: (page: ReportPage) => normalizePage(page, context) };
  const read = quirks.paging === 'windows' ? readWindows : readPages;
  const unusable = { BOOKED: 0, PENDING: 0 };
  const usable = { BOOKED: 0, PENDING: 0 };
  const remarks = new Set<AnswerRemark>();
  if (quirks.pending === 'never') remarks.add('PENDING_UNSUPPORTED');
  for (const bookingStatus of statusesToAsk[quirks.pending]) {
    // Pending entries alone come after no entry that is booked: they are asked for by days.
    const after = bookingStatus === 'pending' ? null : (window.anchor?.entryReference ?? null);
    const question = { bookingStatus, from, to: window.to, resource, after };
    for await (const page of read(reader, question)) {
      if (page.isAnchorRefused) return 'ANCHOR_REFUSED';
      if (page.isPendingRefused) remarks.add('PENDING_UNSUPPORTED');
      for (const status of statuses) unusable[status] += page.unusable[status];
      for (const { status } of page.entries) usable[status] += 1;
      const inside = page.entries.filter((entry) => isInside(entry, from, window));
      if (inside.length > 0) yield inside;
    }
  }
  // Pending entries that can be used must not hide that no booked one can.
  const isNoneUsable = unusable.BOOKED > 0 || (unusable.PENDING > 0 && usable.PENDING === 0);
  if (usable.BOOKED === 0 && isNoneUsable) throw new Failure('DATA_INCONSISTENT');
  for (const status of statuses) if (unusable[status] > 0) remarks.add(`${status}_UNUSABLE`);
  return remarks;
}

/** The entries of an answer in our words. Throws DATA_INCONSISTENT for money of another currency than the account's. */
function normalizePage(page: ReportPage, context: NormalizeContext): ReadPage {
  const { account, resource } = context;
  const pending = page.pending.flatMap((entry) => normalizeTransaction(entry, 'PENDING', context) ?? []);
  const booked = page.booked.flatMap((entry) => normalizeTransaction(entry, 'BOOKED', context) ?? []);
  const unusable = {
    BOOKED: page.booked.length - booked.length,
    PENDING: page.pending.length - pending.length,
  };
  // Pending entries first: what comes next of the booked ones then follows them, as it does at the bank.
  const read = [...pending, ...booked];
  const own = read.filter((entry) => entry.money.currency === account.currency);
  // Entries in other currencies belong to the other accounts that the bank shows as one.
  if (own.length === read.length || resource.currency !== null) return { entries: own, unusable };
  // Another currency cannot be summed with the account's balance; leaving it out would lose money silently.
  throw new Failure('DATA_INCONSISTENT', {
    message: 'The bank gives transactions in another currency than that of their account.',
  });
}

/** The first day asked for: not longer ago than the bank allows, counted in the bank's own days. */
function firstDay(call: BankCall, window: TransactionWindow, historyDays: number | undefined): CalendarDate {
  if (historyDays === undefined) return window.from;
  const earliest = addDays(dateIn(call.endpoint.timeZone, call.clock.now()), -historyDays);
  return window.from < earliest ? earliest : window.from;
}
