import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import { readPages } from './report-pages.ts';
import type { ReadPage, ReportQuestion, ReportReader } from './report-question.ts';

/**
 * The answer to a question from a bank that cuts long reports, newest entries first, and links to nothing (ING,
 * Santander). Asks again up to the oldest day it gave, which may have been cut and is taken from the later answer, until
 * that brings nothing older. A day that is longer than the bank's longest report cannot be had whole.
 */
export async function* readWindows(reader: ReportReader, question: ReportQuestion): AsyncGenerator<ReadPage> {
  let { bookingStatus, to } = question;
  let heldBack = 0;
  for (let isFirst = true; to >= question.from; isFirst = false) {
    if (!isFirst) await reader.call.spendAgain?.();
    const answer = upTo(to, await readWhole(reader, { ...question, bookingStatus, to }));
    const days = answer.entries.flatMap(({ status, bookedOn }) => (status === 'BOOKED' && bookedOn ? [bookedOn] : []));
    const oldest = days.toSorted()[0];
    const ofOldest = days.filter((day) => day === oldest).length;
    if (oldest === undefined || oldest <= question.from) return yield answer;
    if (oldest >= to) {
      yield answer;
      // What was held back came again and nothing older with it: the bank had cut nothing.
      if (ofOldest === heldBack) return;
      [to, heldBack] = [addDays(to, -1), 0];
    } else {
      const isKept = ({ status, bookedOn }: ReadPage['entries'][number]) => status === 'PENDING' || bookedOn !== oldest;
      yield { ...answer, entries: answer.entries.filter(isKept) };
      [to, heldBack] = [oldest, ofOldest];
    }
    if (bookingStatus === 'pending') return;
    bookingStatus = 'booked';
  }
}

/** Without what a bank that ignores the days gives again. */
function upTo(to: CalendarDate, answer: ReadPage): ReadPage {
  const { entries } = answer;
  return {
    ...answer,
    entries: entries.filter(({ status, bookedOn }) => status === 'PENDING' || (bookedOn ?? '') <= to),
  };
}

async function readWhole(reader: ReportReader, question: ReportQuestion): Promise<ReadPage> {
  const entries: ReadPage['entries'][number][] = [];
  const unusable = { BOOKED: 0, PENDING: 0 };
  let isPendingRefused = false;
  for await (const page of readPages(reader, question)) {
    for (const entry of page.entries) entries.push(entry);
    unusable.BOOKED += page.unusable.BOOKED;
    unusable.PENDING += page.unusable.PENDING;
    if (page.isPendingRefused) isPendingRefused = true;
  }
  return { entries, unusable, isPendingRefused };
}
