import type { BankAccount } from '../domain/bank-snapshot.ts';
import type { ChannelId } from '../kernel/id.ts';
import { findLiveAccount, type AccountRow } from '../store/accounts.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { chooseBalance } from './books.ts';
import { callBank } from './call-bank.ts';
import { openAccess } from './channel-access.ts';
import { refreshAccount } from './refresh-account.ts';
import type { Run } from './run.ts';
import { countedCall, spendCallsOf } from './spend-calls.ts';
import { endStep } from './step.ts';

/** Reads one account of a connection that is for balances alone: no transaction is asked for, and none is kept. */
export async function readBalances(
  run: Run,
  step: SyncStepRow,
  channelId: ChannelId,
  accountId: AccountRow['id'],
): Promise<void> {
  const account = await findLiveAccount(run.scope, run.context.database.db, accountId);
  if (!account) return endStep(run, step, { status: 'SKIPPED' });
  const access = await openAccess(run, channelId);
  await spendCallsOf(run, access, accountId);
  const bankAccount: BankAccount = { ...account, isClosed: account.status === 'CLOSED' };
  const call = countedCall(run, access, 'balances', accountId);
  const balances = await callBank(run, () => access.connector.readBalances(call, access.session, bankAccount));
  const balance = chooseBalance(balances, account.currency);
  await endStep(run, step, { status: 'SUCCEEDED' }, async (transaction, now) => {
    // Deleted while it was read: nothing of it may be written any more.
    if (!(await findLiveAccount(run.scope, transaction.tx, accountId))) return;
    const { coveredFrom } = account;
    await refreshAccount(run, transaction, { account, balances, balance, coveredFrom }, now);
  });
}
