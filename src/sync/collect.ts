import type { TransactionWindow } from '../connectors/connector.ts';
import type { BankAccount, BankTransaction } from '../domain/bank-snapshot.ts';
import { Failure } from '../domain/failure.ts';
import type { ChannelAccess } from './channel-access.ts';
import { callBank } from './call-bank.ts';
import type { Run } from './run.ts';

/** A bank that goes on after this many transactions of one account is sending pages in a circle. */
const maxTransactions = 1_000_000;

/** All transactions that the bank shows of one account in a window. The lease is extended before every page. */
export async function collectTransactions(
  run: Run,
  { connector, call, session }: ChannelAccess,
  account: BankAccount,
  window: TransactionWindow,
): Promise<BankTransaction[]> {
  const collected: BankTransaction[] = [];
  const pages = connector.readTransactions(call, session, account, window)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const page = await callBank(run, () => pages.next());
      if (page.done) return collected;
      const overlap = overlapOf(collected, page.value);
      for (const one of page.value.slice(overlap)) collected.push(one);
      if (collected.length > maxTransactions) {
        throw new Failure('DATA_INCONSISTENT', { message: 'The bank sends pages of transactions without an end.' });
      }
    }
  } finally {
    await pages.return?.();
  }
}

/**
 * How many entries at the beginning of a page the former pages have shown already: a new entry at the bank, while we
 * turn the pages, pushes the others on. Only entries with the bank's own id count, so that twins are not taken for it.
 */
export function overlapOf(collected: readonly BankTransaction[], page: readonly BankTransaction[]): number {
  for (let length = Math.min(collected.length, page.length); length > 0; length -= 1) {
    const start = collected.length - length;
    const [first] = page;
    const candidate = collected[start];
    if (!first || !candidate || !isSameEntry(candidate, first)) continue;
    if (page.slice(0, length).every((one, index) => isSameEntry(collected[start + index], one))) return length;
  }
  return 0;
}

function isSameEntry(left: BankTransaction | undefined, right: BankTransaction): boolean {
  return (
    left !== undefined &&
    left.bankTransactionId !== null &&
    left.bankTransactionId === right.bankTransactionId &&
    left.status === right.status &&
    left.money.amount === right.money.amount &&
    left.bookedOn === right.bookedOn &&
    left.bankText === right.bankText
  );
}
