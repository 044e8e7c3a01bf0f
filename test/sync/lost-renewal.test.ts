import { expect, it } from 'vitest';
import { createRegistry } from '../../src/connectors/registry.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { transactions } from '../../src/store/schema/tables.ts';
import { leaseMilliseconds } from '../../src/sync/run.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { linkedDays } from '../support/bank-days.ts';

type Days = Awaited<ReturnType<typeof linkedDays>>;
const never = () => new AbortController().signal;

const banks = [
  { slug: 'test-bank-stet', dialect: 'stet', scaApproach: 'redirect' },
  { slug: 'test-bank', dialect: 'berlin-group', scaApproach: 'oauth-integrated' },
] as const;

async function linkedTo({ slug, scaApproach }: (typeof banks)[number], refreshTokens: string): Promise<Days> {
  const scenario = structuredClone(await loadScenario());
  scenario.bank.scaApproach = scaApproach;
  const days = await linkedDays({ slug, scenario, switches: { refreshTokens } });
  // The access token is over: the next sync renews it first.
  days.clock.advance(86_400_000);
  return days;
}

/** A sync whose worker falls silent between the bank's answer to the renewal and its commit; the lease runs out. */
async function loseRenewal({ context, scope, connectionId, clock }: Days, dialect: string) {
  const { syncId } = await requestSync(context, scope, {
    connectionId,
    type: 'ALL',
    trigger: 'ON_DEMAND',
    psu: null,
  });
  const connector = context.connectors.get(dialect)!;
  const answered = Promise.withResolvers<void>();
  const wakes = Promise.withResolvers<void>();
  const falling: typeof connector = {
    ...connector,
    async renewSession(...args) {
      const renewed = await connector.renewSession(...args);
      expect(renewed).not.toBeNull();
      answered.resolve();
      await wakes.promise;
      return renewed;
    },
  };
  const silent = runSync({ ...context, connectors: createRegistry([falling]) }, scope, syncId, never());
  await answered.promise;
  clock.advance(leaseMilliseconds);
  return { syncId, wake: () => (wakes.resolve(), silent) };
}

const rowsOf = ({ context }: Days) =>
  context.database.db.select().from(transactions).orderBy(transactions.datedOn, transactions.id);

it.each(banks)('of a token that serves once, at $dialect: the person renews, nothing else is lost', async (bank) => {
  const days = await linkedTo(bank, 'rotating');
  const before = { rows: await rowsOf(days), accounts: await days.accounts() };
  const { syncId, wake } = await loseRenewal(days, bank.dialect);
  expect(await runSync(days.context, days.scope, syncId, never())).toBe('ACTION_REQUIRED');
  // The worker that was taken for dead writes nothing down when it wakes.
  expect(await wake()).toBe('LOST');

  const failure = { code: 'CONSENT_REVOKED_AT_BANK', message: expect.stringContaining('renewal') };
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'ACTION_REQUIRED', failure });
  expect(await days.channel()).toMatchObject({ status: 'ACTION_REQUIRED', failure });
  expect(await days.connection()).toMatchObject({ status: 'ACTION_REQUIRED', failure, nextSyncAt: null });
  expect(await days.consents()).toMatchObject([{ status: 'REVOKED', failure }]);
  expect(await rowsOf(days)).toEqual(before.rows);
  expect(await days.accounts()).toEqual(before.accounts);

  const asked = days.server.bank.calls.after(0).length;
  await days.liveUntil(new Date(days.clock.now().getTime() + 3 * 86_400_000), 360);
  expect(days.server.bank.calls.after(0)).toHaveLength(asked);

  const { url } = await days.renew();
  expect((await days.confirm(url)).outcome).toBe('GRANTED');
  await days.work();
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
  expect((await days.consents()).map(({ status }) => status)).toEqual(['REVOKED', 'ACTIVE']);
  expect((await days.accounts()).map(({ id }) => id)).toEqual(before.accounts.map(({ id }) => id));
  const ids = new Set((await rowsOf(days)).map(({ id }) => id));
  expect(before.rows.filter(({ id }) => !ids.has(id))).toEqual([]);
  for (const { ours, theirs } of await days.books()) expect(ours).toEqual(theirs);
});

it.each(banks)('of a token that the bank takes once more, at $dialect, is done again, unseen', async (bank) => {
  const days = await linkedTo(bank, 'static');
  const { syncId, wake } = await loseRenewal(days, bank.dialect);
  expect(await runSync(days.context, days.scope, syncId, never())).toBe('SUCCEEDED');
  expect(await wake()).toBe('LOST');
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
  await days.sync();
  expect((await days.syncs()).at(-1)).toMatchObject({ status: 'SUCCEEDED' });
});
