import { expect, it, vi } from 'vitest';
import { cancelSync } from '../../src/actions/cancel-sync.ts';
import { requestSync } from '../../src/actions/request-sync.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import type { Timer } from '../../src/kernel/timer.ts';
import { findSync } from '../../src/store/syncs.ts';
import { extensionMilliseconds, leaseEnd, leaseMilliseconds } from '../../src/sync/run.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { linkedBank, type LinkedBank } from '../support/linked-bank.ts';

/** A timer that a test moves on by hand. */
function manualTimer() {
  const works = new Set<() => void>();
  const timer: Timer = {
    every(milliseconds, work) {
      expect(milliseconds).toBe(extensionMilliseconds);
      works.add(work);
      return () => works.delete(work);
    },
  };
  return { timer, works, tick: () => works.forEach((work) => work()) };
}

async function requested({ context, scope, connection }: LinkedBank) {
  const psu = { ipAddress: '192.0.2.1' };
  const input = { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
  return (await requestSync(context, scope, input)).syncId;
}

it('a bank that answers after three leases keeps its worker: no other takes over, and a refresh serves once', async () => {
  const world = await linkedBank();
  const { context, scope, database, bank, clock } = world;
  const { timer, works, tick } = manualTimer();
  const syncId = await requested(world);
  const others: string[] = [];
  bank.renewedTo = { consentId: 'bank-consent', token: 'second' };
  bank.before = async (call) => {
    if (call !== 'renew') return;
    for (let waited = 0; waited < 3 * leaseMilliseconds; waited += extensionMilliseconds) {
      clock.advance(extensionMilliseconds);
      tick();
      await vi.waitFor(async () => {
        expect((await findSync(scope, database.db, syncId))?.leaseExpiresAt).toEqual(leaseEnd(clock.now()));
      });
      others.push(await runSync(context, scope, syncId, new AbortController().signal));
    }
  };
  expect(await runSync({ ...context, timer }, scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
  expect(new Set(others)).toEqual(new Set(['HELD']));
  expect(others).toHaveLength(9);
  expect(bank.calls.filter(({ call }) => call === 'renew')).toHaveLength(1);
  expect(works.size).toBe(0);
});

it('a call of a lease that is lost is aborted, and nothing of it is kept', async () => {
  const world = await linkedBank();
  const { context, scope, database, clock } = world;
  const { timer, works, tick } = manualTimer();
  const connector = context.connectors.get('fake');
  if (!connector) throw new Error('There is no connector.');
  const endless = createRegistry([
    {
      ...connector,
      async listAccounts({ signal }) {
        await cancelSync(context, scope, syncId);
        const aborted = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => aborted.reject(new Error('The request was aborted.')));
        clock.advance(extensionMilliseconds);
        tick();
        return aborted.promise;
      },
    },
  ]);
  const syncId = await requested(world);
  const slow = { ...context, connectors: endless, timer };
  expect(await runSync(slow, scope, syncId, new AbortController().signal)).toBe('LOST');
  expect(await findSync(scope, database.db, syncId)).toMatchObject({ status: 'CANCELLED', attempt: 1 });
  expect(works.size).toBe(0);
});

it('an extension that fails for now is tried again, and does not end the call', async () => {
  const world = await linkedBank();
  const { context, scope, bank } = world;
  const { timer, tick } = manualTimer();
  const syncId = await requested(world);
  const warned: unknown[] = [];
  let isAway = false;
  const db = new Proxy(world.database.db, {
    get(target, name, receiver) {
      if (isAway && name === 'update') throw new Error('The database is away.');
      const value: unknown = Reflect.get(target, name, receiver);
      return value;
    },
  });
  bank.before = async (call) => {
    if (call !== 'balances') return;
    isAway = true;
    tick();
    await vi.waitFor(() => expect(warned).toHaveLength(1));
    isAway = false;
    tick();
  };
  const log = { ...context.log, warn: (facts: object) => void warned.push(facts) };
  const shaky = { ...context, timer, log, database: { ...world.database, db } };
  expect(await runSync(shaky, scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
});
