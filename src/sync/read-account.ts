import type { AnswerRemark } from '../connectors/connector.ts';
import { Failure, type FailureRecord } from '../domain/failure.ts';
import { findLiveAccount, type AccountRow } from '../store/accounts.ts';
import { clearSpool } from '../store/spool.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { findLedgerEdges } from '../store/transactions.ts';
import { chooseBalance } from './books.ts';
import { callBank } from './call-bank.ts';
import { openAccess } from './channel-access.ts';
import { planWindow } from './plan-window.ts';
import { isDrifting, readEntries, type Reading } from './read-entries.ts';
import { refreshAccount } from './refresh-account.ts';
import type { Run } from './run.ts';
import { countedCall, spendCallsOf } from './spend-calls.ts';
import { endStep } from './step.ts';
import { AccountDeleted, type LastOfAccount } from './write-account.ts';

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
  const { database } = run.context;
  const account = await findLiveAccount(run.scope, database.db, accountId);
  if (!account) return endStep(run, step, { status: 'SKIPPED' });
  const access = await openAccess(run, channelId);
  await spendCallsOf(run, access, accountId);
  const bankAccount = { ...account, isClosed: account.status === 'CLOSED' };
  const call = countedCall(run, access, 'balances', accountId);
  const balances = await callBank(run, () => access.connector.readBalances(call, access.session, bankAccount));
  const { today } = access;
  const window = planWindow({
    today,
    historyDays: access.channel.definition.historyDays,
    coveredFrom: account.coveredFrom,
    ...(await findLedgerEdges(run.scope, database.db, accountId, today)),
  });
  const balance = chooseBalance(balances, account.currency);
  const reading = { step, access, account, balance };
  try {
    const { last, remarks, isSpooled } = await readEntries(run, reading, window);
    const end = { status: 'SUCCEEDED', counts: last.counts, ...remarkOn(reading, last, remarks) } as const;
    await endStep(run, step, end, async (transaction, now) => {
      await last.write(transaction, now);
      const coveredFrom = account.coveredFrom ?? window.from;
      await refreshAccount(run, transaction, { account, balances, balance, coveredFrom }, now);
      if (isSpooled) await clearSpool(run.scope, transaction.tx, run.syncId);
    });
  } catch (error) {
    if (!(error instanceof AccountDeleted)) throw error;
    await endStep(run, step, { status: 'SKIPPED' });
  }
}

/** What is to be known about an account that has been read all the same: stated as data on the step. */
function remarkOn(
  reading: Reading,
  { movement, isTruncated }: LastOfAccount,
  remarks: ReadonlySet<AnswerRemark>,
): { readonly failure?: FailureRecord } {
  // Where entries or days are missing the books cannot add up: the reason is told, not the consequence.
  if (remarks.has('BOOKED_UNUSABLE') || remarks.has('PENDING_UNUSABLE')) {
    const message = 'The bank gave transactions that cannot be used: none that is missing becomes void.';
    return { failure: new Failure('DATA_INCONSISTENT', { message }).toRecord() };
  }
  if (isTruncated) return { failure: new Failure('HISTORY_TRUNCATED').toRecord() };
  if (isDrifting(reading, movement)) return { failure: new Failure('BALANCE_DRIFT').toRecord() };
  return remarks.has('PENDING_UNSUPPORTED') ? { failure: new Failure('PENDING_UNSUPPORTED').toRecord() } : {};
}
