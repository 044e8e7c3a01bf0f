import { dateIn } from '../kernel/calendar-date.ts';
import { millisecondsPerDay } from '../kernel/clock.ts';
import { instantAt, nextMidnight } from '../kernel/local-time.ts';

/**
 * What a bank counts unattended calls by: each resource (the list, an account's balances, its transactions), each
 * account, or the whole consent. NextGenPSD2 counts resources, as STET does; some banks are stricter.
 */
export const budgetScopes = ['RESOURCE', 'ACCOUNT', 'CONSENT'] as const;
export type BudgetScope = (typeof budgetScopes)[number];

/** Over which time: any 24 hours, which keeps the rule of every bank (RTS 2018/389 art. 36(5)), or the bank's own day. */
export const budgetWindows = ['ROLLING_DAY', 'BANK_DAY'] as const;
export type BudgetWindow = (typeof budgetWindows)[number];

/** How a bank counts what is asked of it while the person is away. Further pages count nowhere. */
export interface BudgetRule {
  /** Calls a day in each group. */
  readonly limit: number;
  readonly countedBy: BudgetScope;
  readonly window: BudgetWindow;
  /** The bank's own. */
  readonly timeZone: string;
  /** How many counted calls list the accounts: two where cards have a list of their own. */
  readonly callsPerListing: number;
  /** How many counted calls read the transactions of one account: two where booked and pending are asked separately. */
  readonly callsPerReport: number;
}

/** What the provider's entry says of it. */
interface BudgetFacts {
  readonly unattendedCallsPerDay: number;
  readonly budgetScope: BudgetScope;
  readonly budgetWindow: BudgetWindow;
  readonly timeZone: string;
  readonly quirks: Readonly<Record<string, unknown>>;
}

/**
 * The rule of a channel: what the consent grants (null where there is none), never more than the provider's entry, and
 * nothing at a bank that answers a present person only (quirk `psuIpAddress`).
 */
export function budgetRule(facts: BudgetFacts, frequencyPerDay: number | null): BudgetRule {
  const isPersonNeeded = facts.quirks['psuIpAddress'] === 'always';
  return {
    limit: isPersonNeeded ? 0 : Math.min(facts.unattendedCallsPerDay, frequencyPerDay ?? facts.unattendedCallsPerDay),
    countedBy: facts.budgetScope,
    window: facts.budgetWindow,
    timeZone: facts.timeZone,
    callsPerListing: facts.quirks['cardAccounts'] === 'listed' ? 2 : 1,
    callsPerReport: facts.quirks['pending'] === 'separately' ? 2 : 1,
  };
}

/** The calls of one group, as the ledger holds them. */
export interface SpentCalls {
  readonly group: string;
  readonly calledAt: readonly Date[];
  /** Until when the bank itself has said that it gives no more; null when it has not. */
  readonly blockedUntil: Date | null;
}

/** A row of the ledger in these words: the database gives a list of instants as texts. */
export function toSpentCalls(row: {
  readonly group: string;
  readonly calledAt: readonly string[];
  readonly blockedUntil: Date | null;
}): SpentCalls {
  return { group: row.group, calledAt: row.calledAt.map((at) => new Date(at)), blockedUntil: row.blockedUntil };
}

/** Calls to be made of one group. */
export interface PlannedCalls {
  readonly group: string;
  readonly calls: number;
}

/** What is left of a budget: of the group that has least. */
export interface BudgetState {
  readonly limit: number;
  readonly remaining: number;
  /** When more is allowed again; null while nothing is spent. */
  readonly resetsAt: Date | null;
}

/** What may be asked of a bank about the accounts. */
export type Question = 'accounts' | 'balances' | 'transactions';

/** The group in which the bank counts a question; `accountId` of ours for those about one account. */
export function groupOf({ countedBy }: Pick<BudgetRule, 'countedBy'>, question: Question, accountId = ''): string {
  if (countedBy === 'CONSENT') return 'consent';
  if (question === 'accounts') return 'accounts';
  return countedBy === 'ACCOUNT' ? `account:${accountId}` : `${question}:${accountId}`;
}

/** What asking for the list of accounts costs. */
export function listingCalls(rule: BudgetRule): PlannedCalls[] {
  // Two lists are two resources, asked for together: where each is counted apart, one is counted for both.
  const calls = rule.countedBy === 'RESOURCE' ? 1 : rule.callsPerListing;
  return [{ group: groupOf(rule, 'accounts'), calls }];
}

/** What reading one account costs: its balances once, its transactions once or twice. */
export function readingCalls(rule: BudgetRule, accountId: string): PlannedCalls[] {
  const report = reportCalls(rule, accountId);
  const balances = groupOf(rule, 'balances', accountId);
  if (balances === report.group) return [{ ...report, calls: 1 + report.calls }];
  return [{ group: balances, calls: 1 }, report];
}

/** What it costs to ask for the transactions of one account, the first time or once more. */
export function reportCalls(rule: BudgetRule, accountId: string): PlannedCalls {
  return { group: groupOf(rule, 'transactions', accountId), calls: rule.callsPerReport };
}

/** A call that was made before this instant, or at it, counts no more now. */
export function forgottenUntil(rule: Pick<BudgetRule, 'window' | 'timeZone'>, now: Date): Date {
  if (rule.window === 'ROLLING_DAY') return new Date(now.getTime() - millisecondsPerDay);
  const midnight = instantAt(rule.timeZone, dateIn(rule.timeZone, now));
  return new Date(midnight.getTime() - 1);
}

/** When a call made then counts no more. */
function forgottenAt(rule: BudgetRule, calledAt: Date): Date {
  return rule.window === 'ROLLING_DAY'
    ? new Date(calledAt.getTime() + millisecondsPerDay)
    : nextMidnight(rule.timeZone, calledAt);
}

/** What is left now. */
export function budgetState(rule: BudgetRule, ledger: readonly SpentCalls[], now: Date): BudgetState {
  const full: BudgetState = { limit: rule.limit, remaining: rule.limit, resetsAt: null };
  return ledger.map((spent) => stateOf(rule, spent, now)).reduce(tighter, full);
}

function stateOf(rule: BudgetRule, spent: SpentCalls, now: Date): BudgetState {
  const { limit } = rule;
  const counted = countedCalls(rule, spent, now);
  const oldest = counted.reduce<Date | null>((first, at) => (first && first <= at ? first : at), null);
  const resetsAt = oldest && forgottenAt(rule, oldest);
  if (!spent.blockedUntil || spent.blockedUntil <= now) {
    return { limit, remaining: Math.max(0, limit - counted.length), resetsAt };
  }
  return { limit, remaining: 0, resetsAt: spent.blockedUntil };
}

function tighter(left: BudgetState, right: BudgetState): BudgetState {
  if (left.remaining !== right.remaining) return left.remaining < right.remaining ? left : right;
  if (!left.resetsAt || !right.resetsAt) return left.resetsAt ? left : right;
  return left.resetsAt > right.resetsAt ? left : right;
}

function countedCalls(rule: BudgetRule, { calledAt }: SpentCalls, now: Date): readonly Date[] {
  const since = forgottenUntil(rule, now);
  return calledAt.filter((at) => at > since);
}

/**
 * From when an unattended sync can read the list and at least one of these accounts: now, when the budget allows it.
 * Null where it never does, because the bank allows fewer calls a day than that takes.
 */
export function syncOpensAt(
  rule: BudgetRule,
  ledger: readonly SpentCalls[],
  accountIds: readonly string[],
  now: Date,
): Date | null {
  const listing = listingCalls(rule);
  const choices = accountIds.map((accountId) => [...listing, ...readingCalls(rule, accountId)]);
  return callsOpenAt(rule, ledger, choices.length > 0 ? choices : [listing], now);
}

/** From when all calls of one of these choices can be made: now, or when the ledger lets them; null for never. */
export function callsOpenAt(
  rule: BudgetRule,
  ledger: readonly SpentCalls[],
  choices: readonly (readonly PlannedCalls[])[],
  now: Date,
): Date | null {
  const resets = ledger.flatMap((spent) => [
    ...spent.calledAt.map((at) => forgottenAt(rule, at)),
    ...(spent.blockedUntil ? [spent.blockedUntil] : []),
  ]);
  const moments = [now, ...resets.filter((at) => at > now)].toSorted((left, right) => left.getTime() - right.getTime());
  return moments.find((at) => choices.some((planned) => isOpen(rule, ledger, planned, at))) ?? null;
}

function isOpen(rule: BudgetRule, ledger: readonly SpentCalls[], planned: readonly PlannedCalls[], now: Date): boolean {
  return planned.every(({ group }) => {
    const spent = ledger.find((one) => one.group === group);
    const left = spent ? stateOf(rule, spent, now).remaining : rule.limit;
    return left >= planned.reduce((sum, one) => (one.group === group ? sum + one.calls : sum), 0);
  });
}
