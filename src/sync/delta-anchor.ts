import type { DeltaAnchor, TransactionWindow } from '../connectors/connector.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import { instantAt } from '../kernel/local-time.ts';
import type { AccountRow } from '../store/accounts.ts';
import { listAnchorCandidates, type AnchorCandidate } from '../store/delta-anchors.ts';
import type { ChannelAccess } from './channel-access.ts';
import type { Run } from './run.ts';
import { isReportLeft } from './spend-calls.ts';

/**
 * The entry after which the bank is asked for everything, in place of the days of a window; null where it offers no
 * such answer, where nothing suits, and where the calls are not left to ask once more, by days, should it come to that.
 */
export async function findAnchor(
  run: Run,
  access: ChannelAccess,
  { id, coveredFrom }: Pick<AccountRow, 'id' | 'coveredFrom'>,
  { from }: TransactionWindow,
): Promise<DeltaAnchor | null> {
  const { connector, call } = access;
  if (coveredFrom === null || !connector.offersDelta?.(call.endpoint)) return null;
  if (!(await isReportLeft(run, access, id))) return null;
  const candidates = await listAnchorCandidates(run.scope, run.context.database.db, id, from);
  const chosen = chooseAnchor(candidates, from, call.endpoint.timeZone);
  return chosen && { entryReference: chosen.entryReference, notBefore: coveredFrom };
}

/**
 * Among entries dated before a day, the newest first, one after which the bank has booked all of that day and later
 * ones. A bank counts in the order in which it enters, and an entry that it dated back stands behind much that is dated
 * after it: what was seen before the day stands before it in either order. While nothing is known for so long, the
 * newest has to do; where that was dated back, rows are missing after it and are asked for by days.
 */
export function chooseAnchor(
  candidates: readonly AnchorCandidate[],
  before: CalendarDate,
  timeZone: string,
): AnchorCandidate | null {
  const start = instantAt(timeZone, before);
  return candidates.find(({ createdAt }) => createdAt < start) ?? candidates[0] ?? null;
}
