import { failureOfMissing } from '../domain/account-identity.ts';
import type { BankAccount } from '../domain/bank-snapshot.ts';
import type { NewEvent } from '../domain/event.ts';
import { Failure } from '../domain/failure.ts';
import { newId, type ChannelId } from '../kernel/id.ts';
import { insertAccounts, listAccounts as storedAccounts, updateAccount, type AccountRow } from '../store/accounts.ts';
import { listChannels } from '../store/channels.ts';
import { findConnection } from '../store/connections.ts';
import type { UserTransaction } from '../store/log.ts';
import { findSync, insertSteps, listSteps, updateStep, type SyncStepRow } from '../store/syncs.ts';
import { callBank } from './call-bank.ts';
import { openAccess } from './channel-access.ts';
import { refuseEmptied } from './emptied.ts';
import { matchAccounts } from './match-accounts.ts';
import { isFinished } from './progress.ts';
import type { Run } from './run.ts';
import { shareAccounts } from './share-accounts.ts';
import { countedCall, spendCallsOf } from './spend-calls.ts';
import { endStep } from './step.ts';

/**
 * Lists the accounts of a channel, recognises the known ones, and plans a step for each account to read. A
 * LIST_ACCOUNTS sync brings deleted accounts back; any other leaves them alone. An account that both channels of the
 * connection show is one account, read by one of them.
 */
export async function listAccounts(run: Run, step: SyncStepRow, channelId: ChannelId): Promise<void> {
  const access = await openAccess(run, channelId);
  const { connector, session } = access;
  await spendCallsOf(run, access);
  const listed = await callBank(run, () => connector.listAccounts(countedCall(run, access, 'accounts'), session));
  // An empty list says more about the consent than about the accounts: nothing is marked as gone because of it.
  if (listed.length === 0) throw new Failure('NO_ELIGIBLE_ACCOUNT');
  await endStep(run, step, { status: 'SUCCEEDED' }, async (transaction, now) => {
    const { tx } = transaction;
    await refuseEmptied(run, transaction, channelId);
    const connection = await findConnection(run.scope, tx, run.connectionId);
    // Of the row: a request that joined since the worker began may have asked for more.
    const type = (await findSync(run.scope, tx, run.syncId))?.type;
    const types = connection?.accountTypes ?? null;
    const stored = await storedAccounts(run.scope, tx, run.connectionId);
    const own = stored.filter((account) => account.channelId === channelId);
    const matching = matchAccounts(own, listed, types);
    const channels = await listChannels(run.scope, tx, { connectionId: run.connectionId });
    const shared = shareAccounts(access.channel, channels, {
      others: stored.filter((account) => account.channelId !== channelId),
      listed: matching.created,
    });
    const toRead: AccountRow['id'][] = [];
    for (const { account, listed: one } of [...matching.known, ...shared.taken]) {
      if (account.deletedAt !== null && type !== 'LIST_ACCOUNTS') continue;
      await updateKnown(run, transaction, account, { channelId, listed: one }, now);
      // A closed account is read once more after it has closed, then never again; a suspended one not for now. One that
      // was deleted has nothing left of what was read.
      const isDead = account.status === 'SUSPENDED' || (account.status === 'CLOSED' && one.isClosed);
      if (!isDead || account.deletedAt !== null) toRead.push(account.id);
    }
    const created = shared.created.filter(({ type }) => types === null || types.includes(type));
    toRead.push(...(await insertNew(run, transaction, channelId, created, now)));
    await markMissing(run, transaction, channelId, matching.missing, now);
    await planReads(run, transaction, channelId, toRead);
  });
}

/** A closed account is read a last time, and says from then on why it is not. */
function standingOf({ isClosed }: BankAccount) {
  if (isClosed) return { status: 'CLOSED' as const, failure: new Failure('ACCOUNT_CLOSED').toRecord() };
  return { status: 'ACTIVE' as const, failure: null };
}

/** What the bank says of an account, in the names of our columns. */
function bankFacts(account: BankAccount) {
  const { isClosed: _, ...facts } = account;
  return facts;
}

async function updateKnown(
  run: Run,
  transaction: UserTransaction,
  account: AccountRow,
  { channelId, listed }: { readonly channelId: ChannelId; readonly listed: BankAccount },
  now: Date,
): Promise<void> {
  const facts = { ...bankFacts(listed), channelId };
  const changed = Object.entries(facts)
    .filter(([field, value]) => Reflect.get(account, field) !== value)
    .map(([field]) => field);
  const isBack = account.deletedAt !== null;
  const isFound = account.status === 'NOT_FOUND' || account.status === 'PENDING_CONSENT';
  // What its person has closed, the bank closes now.
  const hasClosed = listed.isClosed && (account.status !== 'CLOSED' || account.failure === null);
  const hasReopened = !listed.isClosed && account.status === 'CLOSED';
  if (isFound || hasClosed || hasReopened) changed.push('status');
  if (changed.length === 0 && !isBack) return;
  await updateAccount(run.scope, transaction.tx, account.id, {
    ...facts,
    deletedAt: null,
    ...(isFound || isBack || hasClosed || hasReopened ? standingOf(listed) : {}),
    updatedAt: now,
  });
  const ids = { connectionId: run.connectionId, accountId: account.id, syncId: run.syncId };
  await transaction.append(
    now,
    isBack ? { type: 'account.created', facts: ids } : { type: 'account.updated', facts: { ...ids, changed } },
  );
}

async function insertNew(
  run: Run,
  transaction: UserTransaction,
  channelId: ChannelId,
  created: readonly BankAccount[],
  now: Date,
): Promise<AccountRow['id'][]> {
  const rows = created.map((account) => ({
    ...bankFacts(account),
    id: newId('account', now),
    connectionId: run.connectionId,
    channelId,
    ...standingOf(account),
    createdAt: now,
    updatedAt: now,
  }));
  await insertAccounts(run.scope, transaction.tx, rows);
  const events = rows.map((row): NewEvent => ({
    type: 'account.created',
    facts: { connectionId: run.connectionId, accountId: row.id, syncId: run.syncId },
  }));
  await transaction.append(now, ...events);
  return rows.map((row) => row.id);
}

/**
 * An account that the bank does not list any more keeps its transactions and says that it was not found, or that nobody
 * can tell whether one that is new is it: rather twice the same account than two in one. Looked at anew each time, for
 * the one that may be it may come later, and go.
 */
async function markMissing(
  run: Run,
  transaction: UserTransaction,
  channelId: ChannelId,
  missing: readonly AccountRow[],
  now: Date,
): Promise<void> {
  const unsettled = missing.filter(({ deletedAt, status }) => deletedAt === null && status !== 'CLOSED');
  if (unsettled.length === 0) return;
  const living = (await storedAccounts(run.scope, transaction.tx, run.connectionId)).filter(
    (account) => account.channelId === channelId && account.deletedAt === null,
  );
  for (const account of unsettled) {
    const failure = failureOfMissing(account, living);
    const isKnown = account.status === 'NOT_FOUND';
    if (isKnown && account.failure?.code === failure.code) continue;
    await updateAccount(run.scope, transaction.tx, account.id, { status: 'NOT_FOUND', failure, updatedAt: now });
    const changed = [isKnown ? 'failure' : 'status'];
    await transaction.append(now, {
      type: 'account.updated',
      facts: { connectionId: run.connectionId, accountId: account.id, syncId: run.syncId, changed },
    });
  }
}

/** Plans to read these accounts; what another channel was to read in this sync is read by this one instead. */
async function planReads(
  run: Run,
  { tx }: UserTransaction,
  channelId: ChannelId,
  accountIds: readonly AccountRow['id'][],
): Promise<void> {
  const steps = await listSteps(run.scope, tx, run.syncId);
  // What was skipped (an account that was deleted and is back) or failed (a consent that is renewed) is planned anew.
  const isPlanned = ({ status }: SyncStepRow) => status !== 'SKIPPED' && status !== 'FAILED';
  const planned = new Map(steps.flatMap((step) => (step.accountId && isPlanned(step) ? [[step.accountId, step]] : [])));
  for (const accountId of accountIds) {
    const step = planned.get(accountId);
    if (step && !isFinished(step)) await updateStep(run.scope, tx, step, { channelId });
  }
  const unplanned = accountIds.filter((accountId) => !planned.has(accountId));
  await insertSteps(
    run.scope,
    tx,
    unplanned.map((accountId, index) => ({
      syncId: run.syncId,
      position: steps.length + index + 1,
      kind: 'READ_ACCOUNT',
      channelId,
      accountId,
      status: 'PENDING',
    })),
  );
}
