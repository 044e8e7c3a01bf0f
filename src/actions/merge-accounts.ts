import { isDeepStrictEqual } from 'node:util';
import { contradicts, isUnlisted, wasBeside } from '../domain/account-identity.ts';
import type { NewEvent } from '../domain/event.ts';
import { invalidInput, notFound, type Issue } from '../domain/failure.ts';
import { noChanges, type ChangeCounts } from '../domain/sync.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId, ConnectionId } from '../kernel/id.ts';
import { findLiveAccount, moveBalances, removeAccount, updateAccount, type AccountRow } from '../store/accounts.ts';
import { inUserTransaction } from '../store/log.ts';
import { relinkSettlements } from '../store/settlements.ts';
import { mergeSpentCalls } from '../store/unattended-calls.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';
import { handReadingOver } from './hand-reading-over.ts';
import { settleMappings } from './settle-mappings.ts';

interface MergeAccountsInput {
  /** The account that keeps its id. */
  readonly accountId: AccountId;
  /** The one under which the bank lists it now; it is gone afterwards. */
  readonly mergedAccountId: AccountId;
}

/**
 * Writes down that an account which the bank lists as a new one is one that is known: the known one keeps its id and
 * what its person decided, and has from then on the numbers, the balances and the transactions of the other, which is
 * removed. The person knows it; what the bank has shown must not speak against it. A sync under way reads the known
 * account in the place of the other. Failures: NOT_FOUND where one of them is outside of the scope or deleted;
 * VALIDATION_FAILED where they cannot be one. Appends account.deleted, account.updated, transactions.changed.
 */
export async function mergeAccounts(context: ActionContext, scope: Scope, input: MergeAccountsInput): Promise<void> {
  const { accountId, mergedAccountId } = input;
  if (accountId === mergedAccountId) {
    throw invalidInput([{ path: ['mergedAccountId'], message: 'Must be another account.' }]);
  }
  const found = await findLiveAccount(scope, context.database.db, accountId);
  if (!found) throw notFound('account');
  const owner = scopeOfRow(found);
  await inUserTransaction(context.database, owner, async (transaction) => {
    const { tx, append } = transaction;
    const first = await findLiveAccount(owner, tx, accountId);
    const second = await findLiveAccount(owner, tx, mergedAccountId);
    if (!first || !second) throw notFound('account');
    const issues = issuesOf(first, second);
    if (issues.length > 0) throw invalidInput(issues);
    const now = context.clock.now();
    const { connectionId, channelId } = first;
    const ids = { from: second.id, to: first.id };
    const wasBeingRead = await handReadingOver(transaction, connectionId, ids);
    const ledger = await context.mergeLedgers(transaction, { first, second, isSecondWhole: !wasBeingRead }, now);
    await moveBalances(owner, tx, ids);
    await mergeSpentCalls(owner, tx, channelId, ids, now);
    const settlements = await relinkSettlements(owner, tx, ids, now);
    const taken = takenOver(first, second);
    await updateAccount(owner, tx, first.id, { ...taken, updatedAt: now });
    await removeAccount(owner, tx, second.id);
    // The deletion first: whoever drops what the removed account had is then told what the other one has.
    await append(now, { type: 'account.deleted', facts: { connectionId, accountId: second.id } });
    const changed = changedFields(first, taken);
    await append(now, { type: 'account.updated', facts: { connectionId, accountId, changed } });
    await append(now, ...changedEvents(connectionId, [[accountId, ledger], ...changesOf(settlements)]));
    await settleMappings(transaction, { connectionId, channelId }, now);
    await audit(context, transaction, 'account.merge', { connectionId, accountId, mergedAccountId });
  });
}

function issuesOf(first: AccountRow, second: AccountRow): Issue[] {
  const wrong = (message: string): Issue => ({ path: ['mergedAccountId'], message });
  if (second.connectionId !== first.connectionId || second.channelId !== first.channelId) {
    return [wrong('Must be an account of the same connection that is read by the same channel.')];
  }
  const isListed = !isUnlisted(first);
  const whatToName = 'name here one that it lists no more, and as mergedAccountId the one that it lists in its place.';
  return [
    ...(isListed ? [{ path: ['accountId'], message: `The bank still lists this account: ${whatToName}` }] : []),
    ...(second.type === first.type ? [] : [wrong('Is of another type.')]),
    ...(second.currency === first.currency ? [] : [wrong('Is kept in another currency.')]),
    ...(contradicts(first, second) ? [wrong('Has another IBAN, card number or other number.')] : []),
    ...(!isListed && wasBeside(first, second) ? [wrong('The bank has listed both at one time: they are two.')] : []),
  ];
}

/** What the first account has of the second one from now on; what a person decided of the second alone as well. */
function takenOver(first: AccountRow, second: AccountRow) {
  const { bankAccountId, iban, maskedPan, otherIdentification, bic, name, ownerName, product, usage } = second;
  const { status, failure, balanceAmount, balanceType, balanceAt } = second;
  const covered = [first.coveredFrom, second.coveredFrom].filter((day) => day !== null).toSorted();
  return {
    bankAccountId,
    iban,
    maskedPan,
    otherIdentification,
    bic,
    name,
    ownerName,
    product,
    usage,
    status,
    failure,
    ...(balanceAmount === null ? {} : { balanceAmount, balanceType, balanceAt }),
    label: first.label ?? second.label,
    decidedUsage: first.decidedUsage ?? second.decidedUsage,
    coveredFrom: covered[0] ?? null,
    lastSyncedAt: second.lastSyncedAt ?? first.lastSyncedAt,
  };
}

/** The names by which the schema knows the columns, as far as it does. */
const publicName: Record<string, string | null> = {
  bankAccountId: null,
  otherIdentification: null,
  balanceAmount: 'balance',
  decidedUsage: 'usage',
  coveredFrom: 'coveredFromOn',
};

function changedFields(account: AccountRow, change: Partial<AccountRow>): string[] {
  const names = Object.entries(change)
    .filter(([column, value]) => !isDeepStrictEqual(Reflect.get(account, column), value))
    .map(([column]) => (publicName[column] === undefined ? column : publicName[column]));
  return [...new Set(names)].filter((name) => name !== null);
}

interface Changes {
  readonly counts: ChangeCounts;
  readonly oldestChangedOn: CalendarDate | null;
}

/** What each account with such rows gets to say about them. */
function changesOf(rows: readonly { accountId: AccountId; datedOn: CalendarDate }[]): [AccountId, Changes][] {
  return [...Map.groupBy(rows, (row) => row.accountId)].map(([accountId, own]) => {
    const [oldestChangedOn = null] = own.map((row) => row.datedOn).toSorted();
    return [accountId, { counts: { ...noChanges, updated: own.length }, oldestChangedOn }];
  });
}

function changedEvents(connectionId: ConnectionId, changes: readonly [AccountId, Changes][]): NewEvent[] {
  return changes
    .filter(([, { counts }]) => counts.created + counts.updated + counts.voided > 0)
    .map(([accountId, { counts, oldestChangedOn }]) => ({
      type: 'transactions.changed',
      facts: { connectionId, accountId, counts, oldestChangedOn },
    }));
}
