import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { testDatabase } from '../../support/database.ts';

const count = 60_000;
const heapMegabytes = 100;

it('an account larger than the heap is imported, and found unchanged', { timeout: 180_000 }, async () => {
  const database = await testDatabase();
  const child = fileURLToPath(new URL('child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    `--max-old-space-size=${heapMegabytes}`,
    child,
    database.url,
    String(count),
    '85',
  ]);
  expect(stdout).toBe('SUCCEEDED SUCCEEDED');
  const [stored] = await database.sql`
    select count(*)::int as rows, count(distinct bank_transaction_id)::int as ids, count(distinct updated_at)::int as writes,
           (sum(length(bank_text)) / 1e6)::int as megabytes
    from transactions`;
  // The texts alone, one byte a character, leave no room for anything else.
  expect(stored).toEqual({ rows: count, ids: count, writes: 1, megabytes: 62 });
  const [counts] = await database.sql`select counts from syncs order by requested_at desc limit 1`;
  expect(counts).toEqual({ counts: { created: 0, updated: 0, voided: 0, unchanged: count } });
  expect(await database.sql`select from spooled_entries`).toHaveLength(0);
});
