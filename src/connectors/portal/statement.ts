import { Failure } from '../../domain/failure.ts';
import type { BankAccount, BankTransaction } from '../../domain/bank-snapshot.ts';
import type { BankHttp } from '../bank-http.ts';
import type { AnswerRemark, BankCall, BankSession, TransactionWindow } from '../connector.ts';
import { bankAddress } from './addresses.ts';
import { frenchDay } from './french-values.ts';
import { layouts } from './layouts.ts';
import { normalizeRow } from './normalize.ts';
import { portalQuirks } from './quirks.ts';
import { mayOverlap, movedBy } from './seam.ts';
import { openAccount } from './signed-in.ts';
import { readStatement, type StatementPage, type StatementRow } from './statement-page.ts';

const pagesMax = 5000;

/** The statement of one account, page by page from the newest: see `Connector.readTransactions`. */
export async function* readTransactions(
  http: BankHttp,
  call: BankCall,
  session: BankSession,
  account: BankAccount,
  window: TransactionWindow,
): AsyncGenerator<readonly BankTransaction[], ReadonlySet<AnswerRemark>> {
  const { labelGrammar } = portalQuirks(call.endpoint);
  const site = openAccount(http, call, session, account.bankAccountId);
  const { pagesMove } = layouts[site.layout];
  const seen = new Set<string>();
  const remarks = new Set<AnswerRemark>();
  let usable = 0;
  let before: { readonly url: URL; readonly rows: readonly StatementRow[] } | null = null;
  for (let url: URL | null = site.address; url !== null;) {
    seen.add(url.href);
    // oxlint-disable-next-line no-await-in-loop -- one page leads to the next
    const page: StatementPage = await look(url);
    const booked = page.rows.filter(({ isPending }) => !isPending);
    // oxlint-disable-next-line no-await-in-loop -- as above
    const repeated = before && pagesMove && mayOverlap(before.rows, booked) ? await rowsMoved(before) : 0;
    const rows = [...page.rows.filter(({ isPending }) => isPending), ...booked.slice(repeated)];
    const entries = rows.flatMap((row) => {
      const entry = normalizeRow(row, account, labelGrammar);
      if (!entry) remarks.add(row.isPending ? 'PENDING_UNUSABLE' : 'BOOKED_UNUSABLE');
      return entry ?? [];
    });
    // Another currency cannot be summed with the account's balance; leaving it out would lose money silently.
    if (entries.some(({ money }) => money.currency !== account.currency))
      throw new Failure('DATA_INCONSISTENT', {
        message: 'The bank gives transactions in another currency than that of their account.',
      });
    usable += entries.length;
    const inside = entries.filter((entry) => isInside(entry, window));
    if (inside.length > 0) yield inside;

    before = { url, rows: booked };
    url = isOlderThan(booked, window.from) ? null : nextOf(page, url);
    if (seen.size >= pagesMax)
      throw new Failure('BANK_ERROR', { message: 'The bank gives pages of transactions without end.' });
  }
  if (remarks.size > 0 && usable === 0) throw new Failure('DATA_INCONSISTENT');
  return remarks;

  async function look(url: URL): Promise<StatementPage> {
    return readStatement(await site.open(url), site.layout);
  }

  /** How many entries were booked since the page was read; they stand at the head of the next page once more. */
  async function rowsMoved(page: { url: URL; rows: readonly StatementRow[] }): Promise<number> {
    if (page.url.href === site.address.href) await call.spendAgain?.();
    const again = await look(page.url);
    const moved = movedBy(
      page.rows,
      again.rows.filter(({ isPending }) => !isPending),
    );
    if (moved !== null) return moved;
    throw new Failure('BANK_ERROR', { message: 'The bank books so much that its pages cannot be put together.' });
  }

  /** A link that was followed before leads to what was read before: the bank has no more. */
  function nextOf(page: StatementPage, url: URL): URL | null {
    const next = page.next === null ? null : bankAddress(call.endpoint.baseUrl, url, page.next);
    return next && !seen.has(next.href) ? next : null;
  }
}

/** Entries come from the newest to the oldest: when a whole page is older than what is wanted, so is the rest. */
function isOlderThan(rows: readonly StatementRow[], first: string): boolean {
  return rows.length > 0 && rows.every(({ day }) => (frenchDay(day) ?? first) < first);
}

function isInside({ bookedOn, status }: BankTransaction, { from, to }: TransactionWindow): boolean {
  return status === 'PENDING' || bookedOn === null || (bookedOn >= from && bookedOn <= to);
}
