import { expect, it } from 'vitest';
import { linkedDays } from '../../support/bank-days.ts';

it('a bank that answers a present person only is never asked by the schedule, and nothing takes another status', async () => {
  const days = await linkedDays({
    switches: { psuIpAddress: 'always' },
    definition: { quirks: { psuIpAddress: 'always' } },
  });
  const asked = days.server.bank.calls.after(0).length;
  const before = (await days.events('')).length;
  await days.liveUntil('2026-01-08T12:00:00Z');
  expect((await days.syncs()).map(({ trigger, status }) => [trigger, status])).toEqual([['INITIAL', 'SUCCEEDED']]);
  expect(days.server.bank.calls.after(0)).toHaveLength(asked);
  expect(await days.events('')).toHaveLength(before);
  expect(await days.connection()).toMatchObject({ status: 'ACTIVE', failure: null });
  expect(await days.channel()).toMatchObject({ status: 'ACTIVE', failure: null });
  await expect(days.sync()).rejects.toMatchObject({ code: 'SYNC_BUDGET_EXHAUSTED', retryAt: null });
  await days.sync(true);
  expect((await days.syncs()).at(-1)).toMatchObject({ trigger: 'ON_DEMAND', status: 'SUCCEEDED' });
});
