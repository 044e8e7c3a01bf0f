import { describe, expect, test } from 'vitest';
import { unscopedTables } from './unscoped.ts';

const tables = new Set(['accounts', 'transactions', 'users']);

describe('the judge of statements', () => {
  test.each([
    ['select * from accounts where client_id = $1', []],
    ['select * from accounts where id = $1', ['accounts']],
    ['select * from accounts', ['accounts']],
    ['select 1 from accounts where client_id = $1 or id = $2', ['accounts']],
    ['select 1 from accounts where client_id <> $1', ['accounts']],
    ['select 1 from accounts where not (client_id = $1)', ['accounts']],
    ['select 1 from accounts where client_id in ($1, $2)', []],
    ['select 1 from accounts a join transactions t on t.account_id = a.id where a.client_id = $1', ['transactions']],
    ['select 1 from accounts a join transactions t on t.user_id = a.user_id where a.client_id = $1', []],
    ['select (select count(*) from transactions) from accounts where client_id = $1', ['transactions']],
    ['with rows as (delete from accounts where id = $1 returning id) select * from rows', ['accounts']],
    ['update accounts as old set name = $1 from transactions as new where old.user_id = $2', ['transactions']],
    ['delete from users where id = $1', []],
    ['delete from users where email = $1', ['users']],
    ["insert into accounts (id) values ('x')", []],
    ['insert into accounts select * from transactions', ['transactions']],
  ])('%s', (statement, expected) => {
    expect(unscopedTables(statement, tables)).toEqual(expected);
  });
});
