import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Scope, UserScope } from '../../src/domain/viewer.ts';
import type { AccountId, ConnectionId } from '../../src/kernel/id.ts';
import type { Database } from '../../src/store/database.ts';
import { horizon } from '../../src/store/horizon.ts';
import { inUserTransaction } from '../../src/store/log.ts';
import { readTransactionChanges } from '../../src/store/transaction-changes.ts';
import { testDatabase } from '../support/database.ts';
import {
  clientScope,
  seedAccount,
  seedClient,
  seedConnection,
  seedProvider,
  seedTransactions,
  seedUser,
  seedWorld,
  seededAt,
} from '../support/fixtures.ts';
import { scopeOfRow } from '../../src/domain/viewer.ts';

/** A copy of the transactions of a scope, kept by reading changes in small pages, never by reading the table. */
class Mirror {
  readonly rows = new Map<string, { label: string; status: string; accountId: string }>();
  readonly places: string[] = [];
  private readonly database: Database;
  private readonly scope: Scope;
  private after: string | null = null;

  constructor(database: Database, scope: Scope) {
    this.database = database;
    this.scope = scope;
  }

  /** Applies one page; false when there was nothing new. */
  async catchUp(): Promise<boolean> {
    const page = await readTransactionChanges(this.database, this.scope, { after: this.after, limit: 3 });
    for (const change of page.changes) {
      this.places.push(change.cursor);
      if ('transactionId' in change) {
        const [row] = await this.database.db.execute<{ label: string; status: string; account_id: string }>(
          sql`select label, status, account_id from transactions where id = ${change.transactionId}`,
        );
        // Gone since: its deletion follows.
        if (row)
          this.rows.set(change.transactionId, { label: row.label, status: row.status, accountId: row.account_id });
      } else if (change.kind === 'ACCOUNT_DELETED') {
        for (const [id, row] of this.rows) if (row.accountId === change.accountId) this.rows.delete(id);
      }
    }
    this.after = page.changes.at(-1)?.cursor ?? this.after;
    return page.changes.length > 0;
  }
}

async function stored(database: Database, scope: Scope) {
  const rows = await database.db.execute<{ id: string; label: string; status: string; account_id: string }>(sql`
    select id, label, status, account_id from transactions
    where client_id = ${scope.clientId} and (${scope.userId ?? null}::text is null or user_id = ${scope.userId ?? null})`);
  return new Map(rows.map((row) => [row.id, { label: row.label, status: row.status, accountId: row.account_id }]));
}

interface Write {
  readonly user: number;
  readonly kind: 'create' | 'update' | 'void' | 'delete account' | 'merge accounts';
  readonly row: number;
  readonly pause: number;
  readonly isRolledBack: boolean;
}

const write: fc.Arbitrary<Write> = fc.record({
  user: fc.integer({ min: 0, max: 1 }),
  kind: fc.constantFrom('create', 'create', 'update', 'update', 'void', 'delete account', 'merge accounts'),
  row: fc.nat({ max: 20 }),
  pause: fc.integer({ min: 0, max: 6 }),
  isRolledBack: fc.boolean(),
});

test('a mirror beside concurrent writers ends equal to the store, for one user and for a client', async () => {
  const database = await testDatabase({ maxConnections: 12 });
  const clientId = await seedClient(database);
  const provider = await seedProvider(database);
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 8, maxLength: 16 }), async (writes) => {
      const users = await Promise.all([0, 1].map((index) => seedHolder(database, clientId, provider, index)));
      let lastXid: string | null = null;
      const mirrors = [clientScope(clientId), ...users.map(({ scope }) => scope)].map(
        (scope) => [scope, new Mirror(database, scope)] as const,
      );
      const following = mirrors.map(async ([, mirror]) => {
        for (;;) {
          const wasOver = lastXid !== null && (await isSettled(database, lastXid));
          if (!(await mirror.catchUp()) && wasOver) return;
        }
      });
      await Promise.all(writes.map((each, index) => perform(database, users[each.user]!, each, index)));
      const [last] = await database.db.execute<{ xid: string }>(sql`select pg_current_xact_id()::text as xid`);
      lastXid = last!.xid;
      await Promise.all(following);
      for (const [scope, mirror] of mirrors) {
        expect(mirror.rows).toEqual(await stored(database, scope));
        expect(new Set(mirror.places).size).toBe(mirror.places.length);
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);

interface Holder {
  readonly scope: UserScope;
  readonly connectionId: ConnectionId;
  readonly accounts: AccountId[];
}

let userCount = 0;

async function seedHolder(
  database: Database,
  clientId: Awaited<ReturnType<typeof seedClient>>,
  provider: Awaited<ReturnType<typeof seedProvider>>,
  index: number,
): Promise<Holder> {
  const email = `holder${(userCount += 1)}@example.com`;
  const scope = scopeOfRow({ clientId, userId: await seedUser(database, clientId, email) });
  const connection = await seedConnection(database, scope, provider);
  const accounts = [
    await seedAccount(database, scope, connection, { iban: null }),
    await seedAccount(database, scope, connection, { iban: null }),
  ];
  for (const account of accounts) await seedTransactions(database, scope, account, [{ label: `seed ${index}` }, {}]);
  return { scope, connectionId: connection.id, accounts };
}

async function perform(
  database: Database,
  { scope, accounts, connectionId }: Holder,
  each: Write,
  index: number,
): Promise<void> {
  const work = inUserTransaction(database, scope, async ({ tx, append }) => {
    await tx.execute(sql`select pg_sleep(${each.pause / 1000})`);
    const nth = sql`(select id from transactions where user_id = ${scope.userId} order by id offset ${each.row} limit 1)`;
    if (each.kind === 'create') {
      const accountId = accounts[each.row % 2]!;
      await tx.execute(sql`
        insert into transactions (id, user_id, client_id, account_id, status, type, amount, currency, dated_on, label,
                                  bank_text, created_at, updated_at)
        select ${`txn_${String(userCount).padStart(6, '0')}${String(index).padStart(20, '0')}`}, user_id, client_id, id,
               'BOOKED', 'DEBIT', -1, 'EUR', '2026-03-01', ${`new ${index}`}, '', now(), now()
        from accounts where id = ${accountId}`);
    } else if (each.kind === 'update') {
      await tx.execute(
        sql`update transactions set label = ${`changed ${index}`}, updated_at = now() where id = ${nth}`,
      );
    } else if (each.kind === 'void') {
      await tx.execute(sql`update transactions set status = 'VOID', updated_at = now() where id = ${nth}`);
    } else {
      const [accountId, other] = [accounts[each.row % 2]!, accounts[(each.row + 1) % 2]!];
      if (each.kind === 'merge accounts') {
        await tx.execute(sql`
          update transactions set account_id = ${other}, updated_at = now()
          where account_id = ${accountId} and exists (select from accounts where id = ${other})`);
      }
      await tx.execute(sql`delete from accounts where id = ${accountId}`);
      await append(seededAt, { type: 'account.deleted', facts: { accountId, connectionId } });
    }
    await tx.execute(sql`select pg_sleep(${(6 - each.pause) / 1000})`);
    if (each.isRolledBack) throw new Error('rolled back');
  });
  await work.catch((error: unknown) => {
    if (!(error instanceof Error && error.message === 'rolled back')) throw error;
  });
}

/** True once no transaction of this database is left that began before this one: nothing is held back any more. */
async function isSettled(database: Database, xid: string): Promise<boolean> {
  const [row] = await database.db.execute<{ settled: boolean }>(sql`select ${horizon} > ${xid}::xid8 as settled`);
  return row?.settled ?? false;
}

test('a row stands where it was changed last, and a cursor goes on from what it was taken from', async () => {
  const database = await testDatabase();
  const { scope, transactionIds, accountId, connection } = await seedWorld(database);
  const [first, second] = transactionIds;
  const read = async (after: string | null) =>
    (await readTransactionChanges(database, scope, { after, limit: 10 })).changes.map((change) =>
      'transactionId' in change ? [change.kind, change.transactionId] : [change.kind],
    );
  expect(await read(null)).toEqual(transactionIds.toSorted((a, b) => a.localeCompare(b)).map((id) => ['CREATED', id]));
  const start = (await readTransactionChanges(database, scope, { after: null, limit: 10 })).changes.at(-1)!.cursor;
  await inUserTransaction(database, scope, async ({ tx }) => {
    await tx.execute(sql`update transactions set label = 'x', updated_at = now() where id = ${second!}`);
  });
  await inUserTransaction(database, scope, async ({ tx }) => {
    await tx.execute(sql`update transactions set status = 'VOID', updated_at = now() where id = ${first!}`);
  });
  expect(await read(start)).toEqual([
    ['UPDATED', second],
    ['VOIDED', first],
  ]);
  await inUserTransaction(database, scope, async ({ tx, append }) => {
    await tx.execute(sql`delete from accounts where id = ${accountId}`);
    await append(seededAt, { type: 'account.deleted', facts: { accountId, connectionId: connection.id } });
  });
  expect(await read(start)).toEqual([['ACCOUNT_DELETED']]);
});

test.each(['', 'nonsense', 'ZXZ0OjA6MA', 'Y2hnOjE6eA'])(
  'refuses the cursor "%s" with CURSOR_INVALID',
  async (after) => {
    const database = await testDatabase();
    const { scope } = await seedWorld(database);
    await expect(readTransactionChanges(database, scope, { after, limit: 1 })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
    });
  },
);

test('shows nothing of another client or user', async () => {
  const database = await testDatabase();
  const [mine, foreign] = [await seedWorld(database), await seedWorld(database, { name: 'foreign' })];
  const neighbour = await seedUser(database, mine.clientId, 'bob@example.com');
  const read = async (scope: Scope) =>
    (await readTransactionChanges(database, scope, { after: null, limit: 9 })).changes;
  expect(await read(scopeOfRow({ clientId: mine.clientId, userId: neighbour }))).toEqual([]);
  expect(await read(scopeOfRow({ clientId: foreign.clientId, userId: mine.userId }))).toEqual([]);
  expect((await read(clientScope(mine.clientId))).map((change) => change.owner.userId)).toEqual(
    Array.from({ length: 3 }, () => mine.userId),
  );
});
