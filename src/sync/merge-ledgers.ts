import { compileRules } from '../domain/category-rule.ts';
import type { ChangeCounts } from '../domain/sync.ts';
import { dateIn, type CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountRow } from '../store/accounts.ts';
import { listRulesFor } from '../store/category-rules.ts';
import { listChannels } from '../store/channels.ts';
import type { UserTransaction } from '../store/log.ts';
import { writeMergedLedgers } from '../store/merge-ledgers.ts';
import { listStoredTransactions } from '../store/transactions.ts';
import { joinLedgers } from './join-ledgers.ts';
import { comparedSpans } from './reconcile.ts';

interface Ledgers {
  readonly first: AccountRow;
  /** The one that was read last; its rows end up in the first one. */
  readonly second: AccountRow;
  /** False while a sync is reading the second one: what it lacks says nothing. */
  readonly isSecondWhole: boolean;
}

/**
 * Makes one ledger of two, in the caller's transaction, and says what changed in the first one: rows that are one entry
 * keep the id that they have in the first, all others of the second are moved with theirs. The second is empty then.
 */
export async function mergeLedgers(
  { tx, scope }: UserTransaction,
  { first, second, isSecondWhole }: Ledgers,
  now: Date,
): Promise<{ readonly counts: ChangeCounts; readonly oldestChangedOn: CalendarDate | null }> {
  const [channel] = await listChannels(scope, tx, { connectionId: first.connectionId, channelId: first.channelId });
  const today = dateIn(channel?.definition.timeZone ?? 'UTC', second.lastSyncedAt ?? now);
  const coveredFrom = isSecondWhole ? second.coveredFrom : null;
  const shown = await listStoredTransactions(scope, tx, second.id, everyDay);
  const window = { from: coveredFrom ?? today, to: today };
  const spans = comparedSpans(
    window,
    shown.map(({ datedOn }) => datedOn),
  );
  const stored = await listStoredTransactions(scope, tx, first.id, spans);
  const decide = compileRules(await listRulesFor(scope, tx));
  const joined = joinLedgers(stored, shown, { coveredFrom, today, currency: first.currency, decide });
  return writeMergedLedgers(scope, tx, { first: first.id, second: second.id }, joined, now);
}

const everyDay = [{ from: '0001-01-01', to: null }] as const;
