import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { deleteAccount } from '../../src/actions/delete-account.ts';
import type { BankAccount } from '../../src/domain/bank-snapshot.ts';
import { updateAccount } from '../../src/store/accounts.ts';
import { accounts, connections } from '../../src/store/schema/tables.ts';
import { bankAccount } from '../support/fake-connector.ts';
import { linkedBank } from '../support/linked-bank.ts';

const nameless = (bankAccountId: string, over: Partial<BankAccount> = {}) =>
  bankAccount({ bankAccountId, iban: null, ...over });

/** A connection that has listed these accounts, and a way to list others an hour later. */
async function listing(first: BankAccount[]) {
  const world = await linkedBank();
  const { db } = world.database;
  world.bank.accounts = first;
  await world.sync('LIST_ACCOUNTS');
  const read = async () => {
    const rows = await db.select().from(accounts).orderBy(accounts.createdAt, accounts.bankAccountId);
    return rows.map(({ bankAccountId, status, failure, deletedAt }) =>
      [bankAccountId, deletedAt ? 'DELETED' : status, ...(failure ? [failure.code] : [])].join(' '),
    );
  };
  return {
    ...world,
    async account(bankAccountId: string) {
      const [row] = await db.select().from(accounts).where(eq(accounts.bankAccountId, bankAccountId));
      return row!;
    },
    async list(...listed: BankAccount[]) {
      world.bank.accounts = listed;
      world.clock.advance(3_600_000);
      await world.sync();
      return read();
    },
  };
}

const savings = bankAccount({ bankAccountId: 's', iban: 'FR1420041010050500013M02606', type: 'SAVINGS' });

it('a deleted account that is left over does not swallow a new one', async () => {
  const world = await listing([savings, nameless('a')]);
  await deleteAccount(world.context, world.scope, (await world.account('a')).id);
  expect(await world.list(savings, nameless('b'))).toEqual(['a DELETED', 's ACTIVE', 'b ACTIVE']);
});

it('a closed account that is left over neither takes a new one nor bars the living one from its own', async () => {
  const world = await listing([savings, nameless('a'), nameless('c')]);
  await updateAccount(world.scope, world.database.db, (await world.account('c')).id, { status: 'CLOSED' });
  expect(await world.list(savings, nameless('b'))).toEqual(['b ACTIVE', 'c CLOSED', 's ACTIVE']);
  expect(await world.list(savings, nameless('b'), nameless('d'))).toEqual([
    'b ACTIVE',
    'c CLOSED',
    's ACTIVE',
    'd ACTIVE',
  ]);
});

it('of two known accounts that a new one may be none is taken, and both say that the person must choose', async () => {
  const world = await listing([savings, nameless('a'), nameless('b')]);
  expect(await world.list(savings, nameless('x'))).toEqual([
    'a NOT_FOUND ACCOUNT_MAPPING_REQUIRED',
    'b NOT_FOUND ACCOUNT_MAPPING_REQUIRED',
    's ACTIVE',
    'x ACTIVE',
  ]);
});

it('an account that is gone says that it was not found where no new one may be it', async () => {
  const world = await listing([savings, nameless('a')]);
  expect(await world.list(savings, nameless('x', { currency: 'USD' }))).toEqual([
    'a NOT_FOUND ACCOUNT_NOT_FOUND',
    's ACTIVE',
    'x ACTIVE',
  ]);
});

it('an account that the bank still lists is not gone when its type is no longer asked for, and no other is made', async () => {
  const world = await listing([savings, nameless('a')]);
  await world.database.db.update(connections).set({ accountTypes: ['CHECKINGS'] });
  expect(await world.list(savings, nameless('a'), nameless('l', { type: 'LOAN' }))).toEqual(['a ACTIVE', 's ACTIVE']);
});
