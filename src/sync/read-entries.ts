import type { AnswerRemark, TransactionWindow } from '../connectors/connector.ts';
import type { BankBalance, BankTransaction } from '../domain/bank-snapshot.ts';
import { newId } from '../kernel/id.ts';
import type { AccountRow } from '../store/accounts.ts';
import { updateStep, type SyncStepRow } from '../store/syncs.ts';
import { listStoredTransactions } from '../store/transactions.ts';
import { addMovements, driftOf, type Movement } from './books.ts';
import type { ChannelAccess } from './channel-access.ts';
import { collectTransactions, type Collected } from './collect.ts';
import { findAnchor } from './delta-anchor.ts';
import { datedOn } from './entry.ts';
import { comparedSpans, reconcile, type ReconcileFacts, type Reconciliation } from './reconcile.ts';
import { reconcileInParts } from './reconcile-in-parts.ts';
import { commit, type Run } from './run.ts';
import { spendReportOf } from './spend-calls.ts';
import { spooledLedgers } from './spooled-ledgers.ts';
import { isEmpty, writeAccount, type LastOfAccount } from './write-account.ts';

/** An account whose transactions are read, once its balances are. */
export interface Reading {
  readonly step: SyncStepRow;
  readonly access: ChannelAccess;
  readonly account: AccountRow;
  /** The account's own balance, by which the books are checked. */
  readonly balance: BankBalance | null;
}

export interface ReadEntries {
  readonly last: LastOfAccount;
  /** What the answers leave unsaid. */
  readonly remarks: ReadonlySet<AnswerRemark>;
  /** The spool holds entries of it. */
  readonly isSpooled: boolean;
}

/**
 * Reads the transactions of a window, compares them with what is stored and writes all but the last of it.
 *
 * A bank that offers it is asked for what it booked after an entry older than the window, which brings what it has dated
 * back as well. Such an answer only adds. Where the bank refuses it, where rows are missing from it, and where the books do
 * not add up with it, the bank is asked once more, by the days of the window, and that answer decides what is void.
 */
export async function readEntries(run: Run, reading: Reading, window: TransactionWindow): Promise<ReadEntries> {
  const { step, access, account } = reading;
  const anchor = await findAnchor(run, access, account, window);
  const added = anchor && (await readOnce(run, reading, { ...window, anchor }));
  if (added && added.last.withheld === null && !isDrifting(reading, added.last.movement)) return added;
  // The call of the first question is spent already.
  if (anchor) await spendReportOf(run, access, account.id);
  const counts = added ? { ...added.last.counts, unchanged: step.counts.unchanged } : step.counts;
  if (added) {
    await commit(run, async (transaction, now) => {
      await added.last.write(transaction, now);
      await updateStep(run.scope, transaction.tx, step, { counts });
    });
  }
  const carried = (added?.last.withheld ?? []).filter(({ bookedOn }) => bookedOn !== null && bookedOn < window.from);
  const read = await readOnce(run, { ...reading, step: { ...step, counts } }, window, carried);
  if (!read) throw new Error('A connector has refused an anchor that it was not given.');
  if (!added) return read;
  return {
    ...read,
    remarks: new Set([...added.remarks, ...read.remarks]),
    isSpooled: added.isSpooled || read.isSpooled,
    last: { ...read.last, movement: addMovements(added.last.movement, read.last.movement) },
  };
}

/** Whether the books do not add up. */
export function isDrifting({ step, account, balance }: Omit<Reading, 'access'>, movement: Movement): boolean {
  // What an attempt that died had written counts no more as booked since: nothing can be compared then.
  const drift = isEmpty(step.counts) ? driftOf(account, balance, movement) : null;
  return drift !== null && /[1-9]/.test(drift);
}

/** Asks one question and writes all but the last of what comes of it; null where the bank refuses its anchor. */
async function readOnce(
  run: Run,
  { step, access, account }: Reading,
  window: TransactionWindow,
  carried: readonly BankTransaction[] = [],
): Promise<ReadEntries | null> {
  const bankAccount = { ...account, isClosed: account.status === 'CLOSED' };
  const collected = await collectTransactions(run, access, bankAccount, window, carried);
  if (collected === 'ANCHOR_REFUSED') return null;
  const { remarks, kind } = collected;
  const facts = {
    window,
    today: access.today,
    currency: account.currency,
    remarks,
    newId: () => newId('transaction', run.context.clock.now()),
  };
  const last = await writeAccount(run, step, account, compare(run, account, collected, facts));
  return { last, remarks, isSpooled: kind === 'SPOOLED' };
}

async function* compare(
  run: Run,
  account: AccountRow,
  collected: Collected,
  facts: ReconcileFacts,
): AsyncGenerator<Reconciliation> {
  if (collected.kind === 'SPOOLED') {
    yield* reconcileInParts(await spooledLedgers(run, account.id, collected, facts), facts);
    return;
  }
  const { shown } = collected;
  const spans = comparedSpans(
    facts.window,
    shown.map((one) => datedOn(one, facts.today)),
  );
  yield reconcile(await listStoredTransactions(run.scope, run.context.database.db, account.id, spans), shown, facts);
}
