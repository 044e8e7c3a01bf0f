import { Failure } from '../domain/failure.ts';
import type { BankCall } from '../connectors/connector.ts';
import {
  budgetRule,
  callsOpenAt,
  groupOf,
  listingCalls,
  readingCalls,
  reportCalls,
  type BudgetRule,
  type PlannedCalls,
  type Question,
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
export async function spendCallsOf(run: Run, access: Access, accountId?: string): Promise<void> {
  await spend(run, access, callsOf(ruleOf(access), accountId));
}

/** Spends in the same way what it takes to ask for the transactions of an account once more. */
export async function spendReportOf(run: Run, access: Access, accountId: string): Promise<void> {
  await spend(run, access, [reportCalls(ruleOf(access), accountId)]);
}

/** Whether there is enough left to do so. */
export async function isReportLeft(run: Run, access: Access, accountId: string): Promise<boolean> {
  if (access.call.psu) return true;
  const { database, clock } = run.context;
  const now = clock.now();
  const rule = ruleOf(access);
  const spent = await listSpentCalls(run.scope, database.db, access.channel.id);
  return callsOpenAt(rule, spent, [[reportCalls(rule, accountId)]], now) === now;
}

/** The call for one question to the bank, which spends what the connector has to ask more often than was planned. */
export function countedCall(run: Run, access: Access, question: Question, accountId?: string): BankCall {
  const { call } = access;
  if (call.psu) return call;
  const again = [{ group: groupOf(ruleOf(access), question, accountId), calls: 1 }];
  return {
    ...call,
    async spendAgain() {
      try {
        await spend(run, access, again);
      } catch (error) {
        // A database that is away is no fault of the connector through which it is thrown: the worker stops by it.
        if (!(error instanceof Failure)) run.lost.abort(error);
        throw error;
      }
    },
  };
}

function ruleOf({ channel, consent }: Access): BudgetRule {
  return budgetRule(channel.definition, consent.frequencyPerDay);
}

async function spend(run: Run, access: Access, planned: readonly PlannedCalls[]): Promise<void> {
  if (access.call.psu) return;
  const { channel } = access;
  const rule = ruleOf(access);
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
