import { expect, onTestFinished, test, vi } from 'vitest';
import { forgetOldDeliveries, startDelivery } from '../../src/jobs/deliver-webhooks.ts';
import { retryPausesMilliseconds } from '../../src/domain/webhook.ts';
import { millisecondsPerDay } from '../../src/kernel/clock.ts';
import { append } from '../events/log-support.ts';
import { deliveryHouse, hooked, marksOf } from '../events/webhook-support.ts';

test('a dead receiver delays nobody, and is tried again when it lives', async () => {
  const house = await deliveryHouse({ maxConnections: 10 });
  const dead = await hooked(house, { types: ['account.updated'] });
  const alive = await hooked(house, { types: ['account.updated'] });
  const buried = Promise.withResolvers<{ status: number }>();
  dead.receiver.answer = () => buried.promise;
  // Woken by the log alone: it would not look around by itself within this test.
  const delivery = await startDelivery(house.actions, { pollMilliseconds: 600_000 });
  onTestFinished(() => delivery.stop());
  for (const mark of ['a', 'b', 'c']) {
    await append(house.database, house.user, mark);
    await vi.waitFor(() => expect(marksOf(alive.receiver)).toContain(mark), 20_000);
    await vi.waitFor(() => expect(marksOf(dead.receiver)).toContain('a'), 20_000);
  }
  buried.resolve({ status: 503 });
  dead.receiver.answer = () => ({ status: 200 });
  await vi.waitFor(async () => {
    house.clock.advance(retryPausesMilliseconds[0] * 2);
    await append(house.database, house.user, 'later');
    const rows = await house.database.sql`select 1 from webhook_deliveries where status = 'PENDING'`;
    expect(rows).toEqual([]);
  }, 20_000);
  expect([...new Set(marksOf(dead.receiver))].toSorted()).toEqual(['a', 'b', 'c', 'later']);
});

test('two workers deliver everything, and stop without leaving a delivery half done', async () => {
  const house = await deliveryHouse({ maxConnections: 10 });
  const { receiver } = await hooked(house);
  const workers = await Promise.all([startDelivery(house.actions), startDelivery(house.actions)]);
  const marks = Array.from({ length: 60 }, (_, index) => String(index));
  for (const mark of marks) await append(house.database, house.user, mark);
  await vi.waitFor(() => expect(new Set(marksOf(receiver)).size).toBe(60), 20_000);
  await Promise.all(workers.map((worker) => worker.stop()));
  const rows = await house.database.sql`select distinct status, leased_until from webhook_deliveries`;
  expect([...rows]).toEqual([{ status: 'SUCCEEDED', leased_until: null }]);
});

test('deliveries that ended a month ago are forgotten, those that wait are not', async () => {
  const house = await deliveryHouse();
  const { receiver } = await hooked(house);
  await append(house.database, house.user, 'done');
  await house.deliver();
  receiver.answer = () => ({ status: 500 });
  await append(house.database, house.user, 'waiting');
  await house.deliver();
  house.clock.advance(30 * millisecondsPerDay + 1);
  expect(await forgetOldDeliveries(house.actions)).toBe(2);
  const rows = await house.database.sql`select status, attempts from webhook_deliveries`;
  expect([...rows]).toEqual([{ status: 'PENDING', attempts: 1 }]);
});
