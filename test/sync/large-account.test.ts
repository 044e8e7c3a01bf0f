import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { requestSync } from '../../src/actions/request-sync.ts';
import { events, syncs } from '../../src/store/schema/tables.ts';
import { runSync } from '../../src/sync/run-sync.ts';
import { leaseMilliseconds } from '../../src/sync/run.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { dyingAt } from '../support/dying-database.ts';
import { linkedBank } from '../support/linked-bank.ts';

it('a large account is written in short transactions, and a worker that dies between two of them loses nothing', async () => {
  const world = await linkedBank();
  const { context, scope, connection, database, bank, clock } = world;
  bank.pageSize = 4_000;
  bank.transactions = {
    'bank-account-1': Array.from({ length: 12_000 }, (_, index) =>
      bankTransaction({
        bookedOn: `2026-02-${String(1 + (index % 28)).padStart(2, '0')}`,
        bankTransactionId: `t${index}`,
      }),
    ),
  };
  const psu = { ipAddress: '192.0.2.1' };
  const input = { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
  const { syncId } = await requestSync(context, scope, input);
  // Claimed, consent begun and ended, list begun and ended, read begun, first batch: dies at the second.
  const dying = { ...context, database: dyingAt(database, 8, 'before') };
  await expect(runSync(dying, scope, syncId, new AbortController().signal)).rejects.toThrow('killed');
  const [written] = await database.sql`select count(*)::int as n from transactions`;
  expect(written).toEqual({ n: 4_719 });
  clock.advance(leaseMilliseconds);
  expect(await runSync(context, scope, syncId, new AbortController().signal)).toBe('SUCCEEDED');
  const [all] =
    await database.sql`select count(*)::int as n, count(distinct bank_transaction_id)::int as ids from transactions`;
  expect(all).toEqual({ n: 12_000, ids: 12_000 });
  const changes = await database.db
    .select()
    .from(events)
    .where(eq(events.type, 'transactions.changed'))
    .orderBy(events.sequence);
  // Whole days, up to 5,000 entries together; what the first attempt had written is recognised and takes no room.
  expect(changes.map((event) => event.facts['counts'])).toMatchObject([
    { created: 4_719 },
    { created: 4_713 },
    { created: 2_568 },
  ]);
  const [sync] = await database.db.select().from(syncs);
  expect(sync?.counts).toEqual({ created: 12_000, updated: 0, voided: 0, unchanged: 0 });
});
