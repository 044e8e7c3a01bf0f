import type { BankAccount, BankBalance } from '../domain/bank-snapshot.ts';
import type { ChangeSet } from '../domain/change-set.ts';
import { Failure } from '../domain/failure.ts';
import { addCounts, type ChangeCounts } from '../domain/sync.ts';
import { findLiveAccount, replaceBalances, updateAccount, type AccountRow } from '../store/accounts.ts';
import { applyChangeSet, inBatches } from '../store/apply-change-set.ts';
import type { UserTransaction } from '../store/log.ts';
import { updateStep, type SyncStepRow } from '../store/syncs.ts';
import { findLedgerEdges, listStoredTransactions } from '../store/transactions.ts';
import { chooseBalance, driftOf } from './books.ts';
import { callBank } from './call-bank.ts';
import { categorize } from './categorize.ts';
import { openAccess } from './channel-access.ts';
import { collectTransactions } from './collect.ts';
import { enrich } from './enrich.ts';
import { planWindow } from './plan-window.ts';
import { compareFrom, reconcile } from './reconcile.ts';
import { commit, type Run } from './run.ts';
import { endStep } from './step.ts';

/** The person deleted the account while it was being read: nothing of it may be written any more. */
class AccountDeleted extends Error {}

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
  const { db } = run.context.database;
  const account = await findLiveAccount(run.scope, db, accountId);
  if (!account) return endStep(run, step, { status: 'SKIPPED' });
  const access = await openAccess(run, channelId);
  const bankAccount: BankAccount = { ...account, isClosed: account.status === 'CLOSED' };
  const balances = await callBank(run, () => access.connector.readBalances(access.call, access.session, bankAccount));
  const window = planWindow({
    today: access.today,
    historyDays: access.channel.definition.historyDays,
    coveredFrom: account.coveredFrom,
    ...(await findLedgerEdges(run.scope, db, accountId, access.today)),
  });
  const shown = await collectTransactions(run, access, bankAccount, window);
  const stored = await listStoredTransactions(run.scope, db, accountId, compareFrom(window, shown));
  const changes = sinceBegun(step.counts, enrich(reconcile(stored, shown, window, access.today), categorize));
  const balance = chooseBalance(balances, account.currency);
  // What an attempt that died had written counts no more as booked since: nothing can be compared then.
  const drift = isUntouched(step.counts) ? driftOf(account, balance, stored, changes) : null;
  const writing = write(run, step, account, changes, drift, async (transaction, now) => {
    await replaceBalances(run.scope, transaction.tx, accountId, balances, now);
    await updateAccount(run.scope, transaction.tx, accountId, {
      ...balanceColumns(balance, now),
      ...(account.status === 'CLOSED' ? {} : { status: 'ACTIVE' }),
      failure: null,
      coveredFrom: account.coveredFrom ?? window.from,
      lastSyncedAt: now,
      updatedAt: now,
    });
    const changed = [
      ...(balance && balance.money.amount !== account.balanceAmount ? ['balance'] : []),
      ...(account.status !== 'ACTIVE' && account.status !== 'CLOSED' ? ['status'] : []),
    ];
    if (changed.length === 0) return;
    await transaction.append(now, {
      type: 'account.updated',
      facts: { connectionId: run.connectionId, accountId, syncId: run.syncId, changed },
    });
  });
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof AccountDeleted)) throw error;
    await endStep(run, step, { status: 'SKIPPED' });
  }
}

/** What an attempt that died had written is found unchanged now, and was counted when it was written. */
function sinceBegun(counts: ChangeCounts, changes: ChangeSet): ChangeSet {
  return { ...changes, unchanged: Math.max(0, changes.unchanged - counts.created - counts.updated) };
}

function isUntouched(counts: ChangeCounts): boolean {
  return counts.created + counts.updated + counts.voided === 0;
}

function balanceColumns(balance: BankBalance | null, now: Date) {
  if (!balance) return {};
  return { balanceAmount: balance.money.amount, balanceType: balance.type, balanceAt: balance.changedAt ?? now };
}

/** Writes the batches; the last one ends the step and takes `work` with it. */
async function write(
  run: Run,
  step: SyncStepRow,
  account: AccountRow,
  changes: ChangeSet,
  drift: string | null,
  work: (transaction: UserTransaction, now: Date) => Promise<void>,
): Promise<void> {
  let counts = step.counts;
  const batches = [...inBatches(changes)];
  for (const [index, batch] of batches.entries()) {
    const writeBatch = async (transaction: UserTransaction, now: Date) => {
      if (!(await findLiveAccount(run.scope, transaction.tx, account.id))) throw new AccountDeleted();
      const written = await applyChangeSet(run.scope, transaction.tx, account.id, batch, now);
      if (isUntouched(written.counts)) return;
      const { counts: own, oldestChangedOn } = written;
      await transaction.append(now, {
        type: 'transactions.changed',
        facts: {
          connectionId: run.connectionId,
          accountId: account.id,
          syncId: run.syncId,
          counts: own,
          oldestChangedOn,
        },
      });
    };
    counts = addCounts(counts, {
      created: batch.created.length,
      updated: batch.updated.length,
      voided: batch.voided.length,
      unchanged: batch.unchanged,
    });
    if (index < batches.length - 1) {
      await commit(run, async (transaction, now) => {
        await writeBatch(transaction, now);
        await updateStep(run.scope, transaction.tx, step, { counts });
      });
      continue;
    }
    await endStep(run, step, { status: 'SUCCEEDED', counts, ...driftFailure(drift) }, async (transaction, now) => {
      await writeBatch(transaction, now);
      await work(transaction, now);
    });
  }
}

/** A drift is stated as data on the step that found it; the account has been read all the same. */
function driftFailure(drift: string | null) {
  return drift === null || !/[1-9]/.test(drift) ? {} : { failure: new Failure('BALANCE_DRIFT').toRecord() };
}
