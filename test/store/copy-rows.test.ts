import { describe, expect, it } from 'vitest';
import type { ChangeSet } from '../../src/domain/change-set.ts';
import { newId } from '../../src/kernel/id.ts';
import { applyChangeSet } from '../../src/store/apply-change-set.ts';
import { copyPieces, copyRows } from '../../src/store/copy-rows.ts';
import { inUserTransaction } from '../../src/store/log.ts';
import { prepareChangeSet } from '../../src/store/prepare-change-set.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { testDatabase } from '../support/database.ts';
import { seededAt, seedWorld } from '../support/fixtures.ts';

const hostile = 'tab\there, line\nand\r\n, \\N, \\., \\\\x, "quoted", é€𝄞, \\';

function newEntries(count: number, label: string): ChangeSet {
  const one = { datedOn: '2026-03-01', category: null, bank: bankTransaction({ label, bankText: label }) };
  return { created: Array.from({ length: count }, () => one), updated: [], voided: [], unchanged: 0 };
}

describe('rows by COPY', () => {
  it('are what was given, whatever the bank writes', async () => {
    const database = await testDatabase();
    const world = await seedWorld(database);
    const prepared = await prepareChangeSet(world.scope, world.accountId, newEntries(600, hostile), seededAt);
    await inUserTransaction(database, world.scope, ({ tx }) => applyChangeSet(tx, prepared, seededAt));
    const rows = await database.sql`select distinct label, bank_text, counterparty_name, amount, dated_on::text,
        count(*) over ()::int as n from transactions where label = ${hostile}`;
    expect([...rows]).toEqual([
      { label: hostile, bank_text: hostile, counterparty_name: null, amount: '-3.20', dated_on: '2026-03-01', n: 600 },
    ]);
  });

  it('that cannot be written leave nothing and say why, and the connection goes on', async () => {
    const database = await testDatabase({ maxConnections: 1 });
    const world = await seedWorld(database);
    const nowhere = newId('account', seededAt);
    const prepared = await prepareChangeSet(world.scope, nowhere, newEntries(600, 'x'), seededAt);
    const write = inUserTransaction(database, world.scope, ({ tx }) => applyChangeSet(tx, prepared, seededAt));
    await expect(write).rejects.toMatchObject({ cause: { constraint_name: 'transactions_account' } });
    const [{ n } = { n: -1 }] = await database.sql<{ n: number }[]>`select count(*)::int as n from transactions`;
    expect(n).toBe(3);
  });

  it.each([
    ['first', 0],
    ['last', 199_999],
  ])('end in an error, and not in silence, when the %s of many is refused', async (_, refused) => {
    const database = await testDatabase({ maxConnections: 1 });
    await database.sql`create table numbers (n int)`;
    const copy = async (values: string[]) => {
      const pieces = await copyPieces(values, (n) => ({ n }));
      await database.sql.begin((tx) => copyRows(tx, 'numbers', pieces));
    };
    const rows = Array.from({ length: 200_000 }, (_unused, index) => (index === refused ? 'many' : String(index)));
    await expect(copy(rows)).rejects.toThrow(/invalid input syntax|current transaction is aborted/);
    await copy(['1', '2']);
    expect([...(await database.sql`select sum(n)::int as sum, count(*)::int as n from numbers`)]).toEqual([
      { sum: 3, n: 2 },
    ]);
  });
});
