import { Failure } from '../domain/failure.ts';
import {
  budgetRule,
  callsOpenAt,
  listingCalls,
  readingCalls,
  reportCalls,
  type BudgetRule,
  type PlannedCalls,
} from '../domain/unattended-budget.ts';
import { nextMidnight } from '../kernel/local-time.ts';
import { listChannels } from '../store/channels.ts';
import { findLivingConsent } from '../store/consents.ts';
import type { SyncStepRow } from '../store/syncs.ts';
import { blockCalls, listSpentCalls, spendCalls } from '../store/unattended-calls.ts';
import type { ChannelAccess } from './channel-access.ts';
import type { Run } from './run.ts';

type Access = Pick<ChannelAccess, 'channel' | 'consent' | 'call'>;

/**
 * Spends, before they are made, the calls that listing the accounts takes, or reading the one that is named: a worker
 * that dies has spent them. Where they are not left SYNC_BUDGET_EXHAUSTED is thrown, and nothing must be asked. With
 * the person present nothing is counted.
 */
export async function spendCallsOf(run: Run, { channel, consent, call }: Access, accountId?: string): Promise<void> {
  const rule = budgetRule(channel.definition, consent.frequencyPerDay);
  await spend(run, { channel, call }, rule, callsOf(rule, accountId));
}

/** Spends in the same way what it takes to ask for the transactions of an account once more. */
export async function spendReportOf(run: Run, { channel, consent, call }: Access, accountId: string): Promise<void> {
  const rule = budgetRule(channel.definition, consent.frequencyPerDay);
  await spend(run, { channel, call }, rule, [reportCalls(rule, accountId)]);
}

/** Whether there is enough left to do so. */
export async function isReportLeft(run: Run, { channel, consent, call }: Access, accountId: string): Promise<boolean> {
  if (call.psu) return true;
  const { database, clock } = run.context;
  const now = clock.now();
  const rule = budgetRule(channel.definition, consent.frequencyPerDay);
  const spent = await listSpentCalls(run.scope, database.db, channel.id);
  return callsOpenAt(rule, spent, [[reportCalls(rule, accountId)]], now) === now;
}

async function spend(
  run: Run,
  { channel, call }: Pick<Access, 'channel' | 'call'>,
  rule: BudgetRule,
  planned: readonly PlannedCalls[],
): Promise<void> {
  if (call.psu) return;
  const { database, clock } = run.context;
  const now = clock.now();
  if (await spendCalls(run.scope, database, channel.id, rule, planned, now)) return;
  const retryAt = callsOpenAt(rule, await listSpentCalls(run.scope, database.db, channel.id), [planned], now);
  throw new Failure('SYNC_BUDGET_EXHAUSTED', retryAt && retryAt > now ? { retryAt } : {});
}

/** The bank itself has said, while the person was away, that it is enough: the ledger learns until when. */
export async function learnRefusal(run: Run, step: SyncStepRow, failure: Failure): Promise<void> {
  const { channelId } = step;
  if (failure.code !== 'BANK_RATE_LIMITED' || run.psu || !channelId) return;
  const { database, clock } = run.context;
  const [channel] = await listChannels(run.scope, database.db, { connectionId: run.connectionId, channelId });
  if (!channel) return;
  const now = clock.now();
  const consent = await findLivingConsent(run.scope, database.db, channelId);
  const rule = budgetRule(channel.definition, consent?.frequencyPerDay ?? null);
  const groups = callsOf(rule, step.accountId ?? undefined).map(({ group }) => group);
  const until = failure.retryAt ?? nextMidnight(rule.timeZone, now);
  await blockCalls(run.scope, database.db, channelId, groups, { until, now });
}

function callsOf(rule: BudgetRule, accountId: string | undefined): PlannedCalls[] {
  return accountId === undefined ? listingCalls(rule) : readingCalls(rule, accountId);
}
