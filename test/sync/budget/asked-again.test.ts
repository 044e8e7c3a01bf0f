import { expect, it } from 'vitest';
import type { FaultKind } from '../../../src/test-bank/scenario/fault.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import { loadScenario } from '../../../src/test-bank/scenario/load-scenario.ts';
import { listSpentCalls } from '../../../src/store/unattended-calls.ts';
import { linkedDays } from '../../support/bank-days.ts';

type Days = Awaited<ReturnType<typeof linkedDays>>;

/** A fault of some calls below this path that the bank has counted before it strikes. */
function strike({ server }: Days, kind: FaultKind, path: string, calls = 1): void {
  server.bank.faults.trigger({ kind, calls, path, days: 1, isCounted: true });
}

/** What the bank has counted, and what we have spent, by the last word of each address: sorted numbers of calls. */
async function counted(days: Days) {
  const [consent] = await days.consents();
  const atBank = days.server.bank.consents.all().flatMap(({ unattendedCalls }) => Object.entries(unattendedCalls));
  const ledger = await listSpentCalls(days.scope, days.context.database.db, consent!.channelId);
  const by = (word: string) => ({
    bank: sorted(atBank.filter(([path]) => path.endsWith(`/${word}`)).map(([, times]) => times.length)),
    ledger: sorted(ledger.filter(({ group }) => group.startsWith(word)).map(({ calledAt }) => calledAt.length)),
  });
  return { accounts: by('accounts'), balances: by('balances'), transactions: by('transactions') };
}

const refusals = ({ server }: Days) => server.bank.calls.after(0).filter(({ status }) => status === 429).length;
const sorted = (counts: readonly number[]) => counts.toSorted((left, right) => left - right);
const both = (...calls: number[]) => ({ bank: calls, ledger: calls });

const banks = [
  { slug: 'test-bank', root: '/berlin-group/v1/accounts' },
  { slug: 'test-bank-stet', root: '/stet/v1/accounts' },
] as const;

it.each(banks)('at $slug attempts that fail in between are spent as the bank counts them', async ({ slug, root }) => {
  const days = await linkedDays({ slug });
  strike(days, 'server-error', root);
  strike(days, 'cut-connection', root);
  strike(days, 'server-error', `${root}/`);
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await counted(days)).toEqual({ accounts: both(3), balances: both(1, 2), transactions: both(1, 1) });
  await days.sync();
  expect(await counted(days)).toEqual({ accounts: both(4), balances: both(2, 3), transactions: both(2, 2) });
  await expect(days.sync()).rejects.toMatchObject({ code: 'SYNC_BUDGET_EXHAUSTED' });
  expect(refusals(days)).toBe(0);
});

it('with nothing left nothing is asked again: the first outcome counts, and the account is read later', async () => {
  const days = await linkedDays();
  for (let count = 0; count < 3; count += 1) await days.sync();
  strike(days, 'server-error', '/berlin-group/v1/accounts', 9);
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'FAILED', failure: { code: 'BANK_ERROR' } });
  expect(await counted(days)).toEqual({ accounts: both(4), balances: both(3, 3), transactions: both(3, 3) });
  expect(refusals(days)).toBe(0);
});

it('with the person present attempts are made again, and nothing is counted', async () => {
  const days = await linkedDays();
  strike(days, 'server-error', '/berlin-group/v1/accounts', 2);
  await days.sync(true);
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await counted(days)).toEqual({ accounts: both(), balances: both(), transactions: both() });
});

it('a fault before the bank counts is spent too, for nobody can know', async () => {
  const days = await linkedDays();
  days.server.bank.faults.trigger({ kind: 'server-error', calls: 1, path: '/berlin-group/v1/accounts', days: 1 });
  await days.sync();
  expect((await counted(days)).accounts).toEqual({ bank: [1], ledger: [2] });
});

it('a question in other words is spent, and where nothing is left the account is as good as it was', async () => {
  const days = await linkedDays({ switches: { pending: 'none', bookingStatuses: 'booked-only' } });
  await days.sync();
  expect(await counted(days)).toEqual({ accounts: both(1), balances: both(1, 1), transactions: both(2, 2) });
  await days.sync();
  expect(await counted(days)).toEqual({ accounts: both(2), balances: both(2, 2), transactions: both(4, 4) });
  await expect(days.sync()).rejects.toMatchObject({ code: 'SYNC_BUDGET_EXHAUSTED' });
  expect(refusals(days)).toBe(0);
  expect((await days.accounts()).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
});

it('further pages count nowhere, however often they are asked for', async () => {
  const days = await linkedDays({ definition: { historyDays: 400 } });
  await days.context.database.sql`update accounts set covered_from = null`;
  await days.context.database.sql`delete from transactions`;
  days.server.bank.faults.trigger({ kind: 'mid-page-failure', calls: 2, days: 1 });
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
  const pages = days.server.bank.calls.after(0).filter(({ query }) => /\bpage=/.test(query));
  expect(pages.filter(({ status }) => status === 500)).toHaveLength(2);
  expect(await counted(days)).toEqual({ accounts: both(1), balances: both(1, 1), transactions: both(1, 1) });
});

it('a step that is done again with a renewed session is spent again', async () => {
  const scenario = structuredClone(await loadScenario());
  scenario.bank.scaApproach = 'oauth-integrated';
  const days = await linkedDays({ scenario });
  const connector = days.context.connectors.get('berlin-group')!;
  let isFirst = true;
  const slow: typeof connector = {
    ...connector,
    async readBalances(...args) {
      const balances = await connector.readBalances(...args);
      // The access token runs out between two questions about one account.
      if (isFirst) days.clock.advance(3_600_000);
      isFirst = false;
      return balances;
    },
  };
  Object.assign(days.context, { connectors: createRegistry([slow]) });
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await counted(days)).toEqual({
    accounts: both(1),
    balances: both(1, 2),
    // Refused at the door, the first question was not counted; whoever spends cannot know.
    transactions: { bank: [1, 1], ledger: [1, 2] },
  });
});
