import { expect, it } from 'vitest';
import { Failure } from '../../../src/domain/failure.ts';
import { millisecondsOfDay } from '../../../src/kernel/local-time.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { updateAccount } from '../../../src/store/accounts.ts';
import { listSpentCalls } from '../../../src/store/unattended-calls.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { bruno, linkedDays } from '../../support/bank-days.ts';

const sorted = (counts: readonly number[]) => counts.toSorted((left, right) => left - right);
type Days = Awaited<ReturnType<typeof linkedDays>>;
const hour = 3_600_000;

async function refused(days: Days): Promise<Failure | null> {
  try {
    await days.sync();
    return null;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function bankRefusals({ server }: Days): number {
  return server.bank.calls.after(0).filter(({ status }) => status === 429).length;
}

it('a week of daily syncs and of people who ask for more spends what the bank allows, and is never refused', async () => {
  const days = await linkedDays();
  const outcomes: string[] = [];
  for (let day = 6; day <= 12; day += 1) {
    for (const time of ['10:00', '11:00', '12:00', '13:00', '14:00']) {
      await days.liveUntil(`2026-01-${String(day).padStart(2, '0')}T${time}:00Z`);
      const failure = await refused(days);
      outcomes.push(failure ? failure.code : 'QUEUED');
      if (failure) expect(failure.retryAt?.getTime()).toBeGreaterThan(days.clock.now().getTime());
    }
  }
  expect(bankRefusals(days)).toBe(0);
  const all = await days.syncs();
  expect(all.map(({ status }) => status).every((status) => status === 'SUCCEEDED')).toBe(true);
  // Three asked for beside the daily one, every day.
  expect(outcomes.filter((outcome) => outcome === 'QUEUED').length).toBeGreaterThanOrEqual(7 * 3 - 1);
  expect(outcomes).toContain('SYNC_BUDGET_EXHAUSTED');
  const scheduled = all.filter(({ trigger }) => trigger === 'SCHEDULED');
  expect(scheduled.length).toBeGreaterThanOrEqual(6);
  for (const { requestedAt } of scheduled) {
    expect(millisecondsOfDay('Europe/Paris', requestedAt)).toBeGreaterThanOrEqual(5 * hour);
  }
  const unattended = all.filter(({ trigger }) => trigger !== 'INITIAL');
  for (const { requestedAt } of unattended) {
    const since = requestedAt.getTime() - 24 * hour;
    const inADay = unattended.filter((one) => one.requestedAt.getTime() > since && one.requestedAt <= requestedAt);
    expect(inADay.length).toBeLessThanOrEqual(4);
  }
});

it('with the person present nothing is refused, and nothing counted', async () => {
  const days = await linkedDays();
  for (let count = 0; count < 4; count += 1) await days.sync();
  expect((await refused(days))?.code).toBe('SYNC_BUDGET_EXHAUSTED');
  for (let count = 0; count < 3; count += 1) await days.sync(true);
  expect(bankRefusals(days)).toBe(0);
  expect((await days.syncs()).every(({ status }) => status === 'SUCCEEDED')).toBe(true);
});

it('a scheduled sync without budget is put off to when it resets, with the reason, and does not fail', async () => {
  const days = await linkedDays();
  const planned = (await days.connection()).nextSyncAt!;
  // Spent in the hours right before the daily sync.
  await days.liveUntil(new Date(planned.getTime() - 10 * 60_000));
  const spentAt = new Date(days.clock.now().getTime() + 1000);
  for (let count = 0; count < 4; count += 1) {
    await days.sync();
    days.clock.advance(60_000);
  }
  await days.context.database.sql`update connections set next_sync_at = ${planned}, next_sync_reason = 'DAILY'`;
  const before = (await days.syncs()).length;
  await days.liveUntil(new Date(planned.getTime() + 60_000), 1);
  expect(await days.syncs()).toHaveLength(before);
  const resetsAt = new Date(spentAt.getTime() + 24 * hour);
  expect(await days.connection()).toMatchObject({
    status: 'ACTIVE',
    failure: null,
    nextSyncAt: resetsAt,
    nextSyncReason: 'BUDGET',
  });
  await days.liveUntil(resetsAt, 30);
  const last = (await days.syncs()).at(-1);
  expect(last).toMatchObject({ trigger: 'SCHEDULED', status: 'SUCCEEDED', requestedAt: resetsAt });
  expect(bankRefusals(days)).toBe(0);
});

it('what the bank itself refuses is learnt: nothing more is asked without the person until it said', async () => {
  const days = await linkedDays();
  days.server.bank.faults.trigger({
    kind: 'rate-limited',
    calls: 1,
    path: '/berlin-group/v1/accounts',
    retryAfterSeconds: 7200,
    days: 1,
  });
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'FAILED', failure: { code: 'BANK_RATE_LIMITED' } });
  const learntAt = days.clock.now().getTime();
  const calls = days.server.bank.calls.after(0).length;
  const failure = await refused(days);
  expect(failure).toMatchObject({
    code: 'SYNC_BUDGET_EXHAUSTED',
    retryAt: new Date(learntAt + 7_200_000),
  });
  expect(days.server.bank.calls.after(0)).toHaveLength(calls);
  days.clock.advance(7_200_000);
  expect(await refused(days)).toBe(null);
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
});

it('a bank that counts by account is asked half as often, one that counts by consent never beyond its four', async () => {
  const byAccount = await linkedDays({ switches: { rate: 'account' }, definition: { budgetScope: 'ACCOUNT' } });
  const outcomes = [await refused(byAccount), await refused(byAccount), await refused(byAccount)];
  expect(outcomes.map((one) => one?.code ?? 'QUEUED')).toEqual(['QUEUED', 'QUEUED', 'SYNC_BUDGET_EXHAUSTED']);
  expect(bankRefusals(byAccount)).toBe(0);
  const byConsent = await linkedDays({
    person: bruno,
    switches: { rate: 'consent' },
    definition: { budgetScope: 'CONSENT' },
  });
  const accounts = (await byConsent.accounts()).length;
  expect(accounts).toBeGreaterThan(1);
  expect(await refused(byConsent)).toBe(null);
  // One list and one account fit into four calls; the other account waits, and is none the worse for it.
  expect((await byConsent.syncs()).at(-1)).toMatchObject({
    status: 'PARTIALLY_SUCCEEDED',
    failure: { code: 'SYNC_BUDGET_EXHAUSTED' },
  });
  expect((await byConsent.accounts()).every(({ status }) => status === 'ACTIVE')).toBe(true);
  expect((await refused(byConsent))?.code).toBe('SYNC_BUDGET_EXHAUSTED');
  expect(bankRefusals(byConsent)).toBe(0);
});

it('a worker that stops in the middle has spent what it asked: the ledger counts what the bank has counted', async () => {
  const days = await linkedDays();
  const connector = days.context.connectors.get('berlin-group')!;
  const stopping = new AbortController();
  const connectors = new Map([
    [
      'berlin-group',
      {
        ...connector,
        // The bank has answered, and nobody hears it any more.
        async readBalances(...args: Parameters<typeof connector.readBalances>) {
          const balances = await connector.readBalances(...args);
          stopping.abort(new Error('The worker stops.'));
          return balances;
        },
      },
    ],
  ]);
  const { context, scope, connectionId } = days;
  days.clock.advance(1000);
  const { syncId } = await requestSync(context, scope, { connectionId, type: 'ALL', trigger: 'ON_DEMAND', psu: null });
  expect(await runSync({ ...context, connectors }, scope, syncId, stopping.signal)).toBe('HANDED_BACK');
  expect(await runSync(context, scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
  const [consent] = await days.consents();
  const atBank = days.server.bank.consents.find(consent?.bankConsentId ?? '')?.unattendedCalls ?? {};
  const counted = (end: RegExp) =>
    sorted(Object.entries(atBank).flatMap(([path, times]) => (end.test(path) ? [times.length] : [])));
  const { channelId } = consent!;
  const ledger = await listSpentCalls(scope, context.database.db, channelId);
  const spent = (start: string) =>
    sorted(ledger.flatMap(({ group, calledAt }) => (group.startsWith(start) ? [calledAt.length] : [])));
  expect(spent('accounts')).toEqual(counted(/v1\/accounts$/));
  // The account in whose midst it stopped was asked for twice, the other one once.
  expect(spent('balances:')).toEqual([1, 2]);
  expect(counted(/\/balances$/)).toEqual([1, 2]);
  // Planned together with the balances, the transactions were given up with them: never less than the bank has counted.
  expect(spent('transactions:')).toEqual([1, 2]);
  expect(counted(/\/transactions$/)).toEqual([1, 1]);
});

it('an account that is suspended is not asked for, and costs nothing', async () => {
  const days = await linkedDays({ person: bruno });
  const [first, second] = await days.accounts();
  await updateAccount(days.scope, days.context.database.db, first!.id, { status: 'SUSPENDED' });
  await days.sync();
  const [consent] = await days.consents();
  const ledger = await listSpentCalls(days.scope, days.context.database.db, consent!.channelId);
  const read = ledger.map(({ group }) => group).filter((group) => group.startsWith('balances:'));
  expect(read).toContain(`balances:${second!.id}`);
  expect(read).not.toContain(`balances:${first!.id}`);
  expect((await days.accounts())[0]).toMatchObject({ id: first!.id, status: 'SUSPENDED' });
});
