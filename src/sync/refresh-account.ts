import type { BankBalance } from '../domain/bank-snapshot.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import { replaceBalances, updateAccount, type AccountRow } from '../store/accounts.ts';
import type { UserTransaction } from '../store/log.ts';
import type { Run } from './run.ts';

interface ReadBalances {
  readonly account: AccountRow;
  readonly balances: readonly BankBalance[];
  /** The account's own among them. */
  readonly balance: BankBalance | null;
  readonly coveredFrom: CalendarDate | null;
}

/** Writes down that an account was read, with its balances, and tells what of it changed. A closed one stays closed. */
export async function refreshAccount(
  run: Run,
  { tx, append }: UserTransaction,
  { account, balances, balance, coveredFrom }: ReadBalances,
  now: Date,
): Promise<void> {
  const { id: accountId, status } = account;
  await replaceBalances(run.scope, tx, accountId, balances, now);
  await updateAccount(run.scope, tx, accountId, {
    ...balanceColumns(balance, now),
    ...(status === 'CLOSED' ? {} : { status: 'ACTIVE', failure: null }),
    coveredFrom,
    lastSyncedAt: now,
    updatedAt: now,
  });
  const changed = [
    ...(balance && balance.money.amount !== account.balanceAmount ? ['balance'] : []),
    ...(status !== 'ACTIVE' && status !== 'CLOSED' ? ['status'] : []),
  ];
  if (changed.length === 0) return;
  const { connectionId, syncId } = run;
  await append(now, { type: 'account.updated', facts: { connectionId, accountId, syncId, changed } });
}

function balanceColumns(balance: BankBalance | null, now: Date) {
  if (!balance) return {};
  return { balanceAmount: balance.money.amount, balanceType: balance.type, balanceAt: balance.changedAt ?? now };
}
