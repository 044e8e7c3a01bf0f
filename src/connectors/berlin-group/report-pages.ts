import { Failure } from '../../domain/failure.ts';
import { addDays, dateIn } from '../../kernel/calendar-date.ts';
import { mayRefuseAnchor } from '../delta.ts';
import { followLink, resourceUrl } from '../page-link.ts';
import { resourcePath } from './account-resource.ts';
import type { BerlinGroupAnswer } from './client.ts';
import { explainRefusal } from './consent-state.ts';
import { berlinGroupQuirks, type BerlinGroupQuirks } from './quirks.ts';
import { askForData } from './read-data.ts';
import { readReportPage } from './report-page.ts';
import type { ReadPage, ReportQuestion, ReportReader } from './report-question.ts';

const pagesMax = 20_000;
const emptyPagesInARowMax = 50;

/** What banks show that say they refuse older days, if they do not say how old (BRED, Fortuneo and some 50 more). */
const usualHistoryDays = 89;

const mediaTypes = {
  json: 'application/json',
  xml: 'application/xml',
  text: 'text/plain',
} as const satisfies Record<BerlinGroupQuirks['reportFormat'], string>;

/** Status codes by which banks refuse pending entries: they mean "not offered", not "broken". */
const notOffered = new Set([400, 405, 422]);

const nothing = { entries: [], unusable: { BOOKED: 0, PENDING: 0 } } as const satisfies ReadPage;

/** The answer to a question, page by page along the bank's links. */
export async function* readPages(reader: ReportReader, question: ReportQuestion): AsyncGenerator<ReadPage> {
  const { http, call, session, normalize } = reader;
  const { answer: first, isPendingRefused } = await askFirst(reader, question);
  if (isPendingRefused) yield { ...nothing, isPendingRefused };
  if (question.after !== null && first?.isRefused && mayRefuseAnchor(first)) {
    return yield { ...nothing, isAnchorRefused: true };
  }
  if (!first) return;
  let answer = first;
  const seen = new Set([answer.url.href]);
  for (let emptyPages = 0; ;) {
    if (answer.isRefused) throw await explainRefusal(http, call, session, answer);
    const page = readReportPage(answer.body);
    if (!page.isReport) throw new Failure('BANK_ERROR', { message: 'The bank answered without transactions.' });
    yield normalize(page);
    if (page.next === null) return;
    const next = followLink(call.endpoint.baseUrl, answer.url, page.next);
    // A link that was followed before leads to what was read before: the bank has no more.
    if (seen.has(next.href)) return;
    seen.add(next.href);
    emptyPages = page.booked.length + page.pending.length === 0 ? emptyPages + 1 : 0;
    if (seen.size > pagesMax || emptyPages > emptyPagesInARowMax)
      throw new Failure('BANK_ERROR', { message: 'The bank gives pages of transactions without end.' });
    answer = await ask(reader, next, true);
  }
}

interface FirstAnswer {
  readonly answer: BerlinGroupAnswer | null;
  readonly isPendingRefused: boolean;
}

/**
 * The first answer, asked for again in the way in which the bank has it: without pending entries, in another format,
 * not so far back. The answer is null where only pending entries were asked for, and there are none to be had.
 */
async function askFirst(reader: ReportReader, question: ReportQuestion): Promise<FirstAnswer> {
  const answer = await ask(reader, reportUrl(reader, question));
  // Each call counts: whoever gave an anchor asks anew without it, and then all of this is tried.
  if (!answer.isRefused || question.after !== null) return { answer, isPendingRefused: false };
  const retry = async (changed: Partial<ReportQuestion>) => {
    await reader.call.spendAgain?.();
    return askFirst(reader, { ...question, ...changed });
  };
  if (answer.codes.includes('PERIOD_INVALID')) {
    const { endpoint, clock } = reader.call;
    const from = addDays(dateIn(endpoint.timeZone, clock.now()), -usualHistoryDays);
    if (question.from < from && from <= question.to) return retry({ from });
  } else if (notOffered.has(answer.status)) {
    if (question.bookingStatus === 'pending') return { answer: null, isPendingRefused: true };
    if (question.bookingStatus === 'both')
      return { ...(await retry({ bookingStatus: 'booked' })), isPendingRefused: true };
  }
  return { answer, isPendingRefused: false };
}

/** Asks in the format that the bank is known for, and where it has not got that, in the others. */
async function ask(reader: ReportReader, target: URL, isFurtherPage = false): Promise<BerlinGroupAnswer> {
  const { http, call, session } = reader;
  const preferred = mediaTypes[berlinGroupQuirks(call.endpoint).reportFormat];
  const others = Object.values(mediaTypes).filter((mediaType) => mediaType !== preferred);
  const request = { target, resource: 'account', isFurtherPage } as const;
  let answer = await askForData(http, call, session, { ...request, accept: preferred });
  for (const accept of others) {
    if (!answer.isRefused || answer.status !== 406) break;
    if (!isFurtherPage) await call.spendAgain?.();
    answer = await askForData(http, call, session, { ...request, accept });
  }
  return answer;
}

/** A bank that minds the days beside an entry would leave out what it has dated back: they are not named then. */
function reportUrl({ call }: ReportReader, { resource, bookingStatus, from, to, after }: ReportQuestion): URL {
  const url = resourceUrl(call.endpoint.baseUrl, resourcePath(resource, 'transactions'));
  const range = after === null ? { dateFrom: from, dateTo: to } : { entryReferenceFrom: after };
  url.search = new URLSearchParams({ bookingStatus, ...range }).toString();
  return url;
}
