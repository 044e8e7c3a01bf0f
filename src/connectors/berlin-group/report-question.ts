import type { BankTransaction } from '../../domain/bank-snapshot.ts';
import type { CalendarDate } from '../../kernel/calendar-date.ts';
import type { BankHttp } from '../bank-http.ts';
import type { BankCall, BankSession } from '../connector.ts';
import type { AccountResource } from './account-resource.ts';
import type { ReportPage } from './wire.ts';

/** One question about an account's transactions; both days are included. */
export interface ReportQuestion {
  readonly resource: AccountResource;
  readonly bookingStatus: 'both' | 'booked' | 'pending';
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  /** The reference of the entry after which everything is asked for, in place of the days. */
  readonly after: string | null;
}

/** Entries of one answer that can be used, and how many it gave that cannot. */
export interface ReadPage {
  readonly entries: readonly BankTransaction[];
  readonly unusable: Readonly<Record<BankTransaction['status'], number>>;
  /** The bank shows no pending entries: it has refused the question for them. */
  readonly isPendingRefused?: boolean;
  /** The bank refuses the question, and may mean the entry after which it was asked. */
  readonly isAnchorRefused?: boolean;
}

/** What reading a report needs besides the question. */
export interface ReportReader {
  readonly http: BankHttp;
  readonly call: BankCall;
  readonly session: BankSession;
  readonly normalize: (page: ReportPage) => ReadPage;
}
