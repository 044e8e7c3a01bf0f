import type { BankBalance } from '../domain/bank-snapshot.ts';
import { Failure } from '../domain/failure.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import { newId } from '../kernel/id.ts';
import { findLiveAccount, type AccountRow } from '../store/accounts.ts';
import { clearSpool } from '../store/spool.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { findLedgerEdges, listStoredTransactions } from '../store/transactions.ts';
import { chooseBalance, driftOf } from './books.ts';
import { callBank } from './call-bank.ts';
import { openAccess } from './channel-access.ts';
import { collectTransactions, type Collected } from './collect.ts';
import { datedOn } from './entry.ts';
import { planWindow } from './plan-window.ts';
import { compareFrom, reconcile, type ReconcileFacts, type Reconciliation } from './reconcile.ts';
import { reconcileInParts } from './reconcile-in-parts.ts';
import { refreshAccount } from './refresh-account.ts';
import type { Run } from './run.ts';
import { spendCallsOf } from './spend-calls.ts';
import { spooledLedgers } from './spooled-ledgers.ts';
import { endStep } from './step.ts';
import { AccountDeleted, isEmpty, writeAccount, type LastOfAccount } from './write-account.ts';

/**
 * Reads one account: balances and transactions of the planned window, compared with what is stored, written in short
 * transactions. Killed between two of them, the next attempt reads again and finds the first ones unchanged.
 */
export async function readAccount(
  run: Run,
  step: SyncStepRow,
  channelId: NonNullable<SyncStepRow['channelId']>,
  accountId: AccountRow['id'],
): Promise<void> {
  const { database, clock } = run.context;
  const account = await findLiveAccount(run.scope, database.db, accountId);
  if (!account) return endStep(run, step, { status: 'SKIPPED' });
  const access = await openAccess(run, channelId);
  await spendCallsOf(run, access, accountId);
  const bankAccount = { ...account, isClosed: account.status === 'CLOSED' };
  const balances = await callBank(run, () => access.connector.readBalances(access.call, access.session, bankAccount));
  const { today } = access;
  const window = planWindow({
    today,
    historyDays: access.channel.definition.historyDays,
    coveredFrom: account.coveredFrom,
    ...(await findLedgerEdges(run.scope, database.db, accountId, today)),
  });
  const collected = await collectTransactions(run, access, bankAccount, window);
  const { isPendingShown } = collected;
  const facts = {
    window,
    today,
    currency: account.currency,
    isPendingShown,
    newId: () => newId('transaction', clock.now()),
  };
  try {
    const last = await writeAccount(run, step, account, compare(run, account, collected, facts));
    const balance = chooseBalance(balances, account.currency);
    const { counts } = last;
    const end = {
      status: 'SUCCEEDED',
      counts,
      ...remarkOn(step, account, balance, { ...last, isPendingShown }),
    } as const;
    await endStep(run, step, end, async (transaction, now) => {
      await last.write(transaction, now);
      const coveredFrom = account.coveredFrom ?? window.from;
      await refreshAccount(run, transaction, { account, balances, balance, coveredFrom }, now);
      if (collected.kind === 'SPOOLED') await clearSpool(run.scope, transaction.tx, run.syncId);
    });
  } catch (error) {
    if (!(error instanceof AccountDeleted)) throw error;
    await endStep(run, step, { status: 'SKIPPED' });
  }
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
  const days = shown.map((one) => datedOn(one, facts.today));
  const oldest = days.reduce<CalendarDate | null>((least, day) => (least === null || day < least ? day : least), null);
  const from = compareFrom(facts.window, oldest);
  yield reconcile(await listStoredTransactions(run.scope, run.context.database.db, account.id, from), shown, facts);
}

/** What is to be known about an account that has been read all the same: stated as data on the step. */
function remarkOn(
  step: SyncStepRow,
  account: AccountRow,
  balance: BankBalance | null,
  {
    movement,
    isTruncated,
    isPendingShown,
  }: Pick<LastOfAccount, 'movement' | 'isTruncated'> & Pick<Collected, 'isPendingShown'>,
) {
  // What an attempt that died had written counts no more as booked since: nothing can be compared then.
  const drift = isEmpty(step.counts) ? driftOf(account, balance, movement) : null;
  // Where days are missing the books cannot add up: the reason is told, not the consequence.
  if (isTruncated) return { failure: new Failure('HISTORY_TRUNCATED').toRecord() };
  if (drift !== null && /[1-9]/.test(drift)) return { failure: new Failure('BALANCE_DRIFT').toRecord() };
  return isPendingShown ? {} : { failure: new Failure('PENDING_UNSUPPORTED').toRecord() };
}
