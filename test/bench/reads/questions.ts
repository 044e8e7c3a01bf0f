/** A read that both sides answer alike: the gateway from `document`, the bare endpoint from its own `statement`. */
export interface Question {
  readonly name: string;
  readonly about: string;
  readonly subject: 'User' | 'Account';
  readonly document: string;
  /** One text with the whole JSON answer, for the id in $1 within the client in $2. */
  readonly statement: string;
}

function globalId(typeName: string, column: string): string {
  return `translate(encode(convert_to('${typeName}:' || ${column}, 'UTF8'), 'base64'), '+/=', '-_')`;
}

/** An object of these columns; measured, this is the fastest of PostgreSQL's ways to write one. */
function object(columns: string): string {
  return `(select row_to_json(o) from (select ${columns}) o)`;
}

const money = (amount: string, currency: string) => object(`${amount}::text as amount, ${currency} as currency`);

/** The body of an answer whose one root field is what this query of one row selects. */
function answer(field: string, query: string): string {
  const data = object(`(select row_to_json(root) from (${query}) root) as "${field}"`);
  return `select row_to_json(answer)::text as body from (select ${data} as data) answer`;
}

const instant = (column: string) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const nested: Question = {
  name: 'nested',
  about: 'a user, the accounts, the first 50 transactions of each with category',
  subject: 'User',
  document: `query Nested($id: ID!) {
    user(id: $id) {
      id
      email
      accounts(first: 20) {
        nodes {
          id
          name
          type
          currency
          balance { amount currency }
          transactions(first: 50) {
            nodes {
              id
              datedOn
              status
              type
              label
              amount { amount currency }
              category { id key label }
            }
          }
        }
      }
    }
  }`,
  statement: answer(
    'user',
    `select ${globalId('User', 'u.id')} as id, u.email, ${object(`(
       select coalesce(json_agg(a), '[]') from (
         select ${globalId('Account', 'a.id')} as id, a.name, a.type, a.currency,
                ${money('a.balance_amount', 'a.currency')} as balance, ${object(`(
           select coalesce(json_agg(t), '[]') from (
             select ${globalId('Transaction', 't.id')} as id, t.dated_on as "datedOn", t.status, t.type, t.label,
                    ${money('t.amount', 't.currency')} as amount,
                    ${object(`${globalId('Category', 'c.key')} as id, c.key, c.label_en as label`)} as category
             from (
               select * from transactions
               where account_id = a.id and user_id = a.user_id
               order by dated_on desc, id desc limit 50
             ) t join categories c on c.key = t.category_key
             order by t.dated_on desc, t.id desc
           ) t
         ) as nodes`)} as transactions
         from accounts a where a.user_id = u.id and a.deleted_at is null
         order by a.created_at desc, a.id desc limit 20
       ) a
     ) as nodes`)} as accounts
     from users u where u.id = $1 and u.client_id = $2`,
  ),
};

const page: Question = {
  name: 'page',
  about: 'one account, 100 transactions with cursors',
  subject: 'Account',
  document: `query Page($id: ID!) {
    account(id: $id) {
      id
      name
      transactions(first: 100) {
        pageInfo { hasNextPage endCursor }
        edges {
          cursor
          node {
            id
            datedOn
            bookedOn
            status
            label
            bankText
            amount { amount currency }
            category { key label }
          }
        }
      }
    }
  }`,
  statement: answer(
    'account',
    `select ${globalId('Account', 'a.id')} as id, a.name, (
       select json_build_object(
         'pageInfo', json_build_object(
           'hasNextPage', count(*) > 100,
           'endCursor', (array_agg(t.cursor))[least(count(*), 100)]
         ),
         'edges', coalesce(json_agg(t.edge) filter (where t.place <= 100), '[]')
       )
       from (
         select t.place, t.cursor, ${object(
           `t.cursor, ${object(`
             ${globalId('Transaction', 't.id')} as id, t.dated_on as "datedOn", t.booked_on as "bookedOn", t.status,
             t.label, t.bank_text as "bankText", ${money('t.amount', 't.currency')} as amount,
             ${object('c.key, c.label_en as label')} as category
           `)} as node`,
         )} as edge
         from (
           select *, row_number() over (order by dated_on desc, id desc) as place,
                  ${globalId('T', `(dated_on || ':' || id)`)} as cursor
           from (
             select * from transactions
             where account_id = a.id and user_id = a.user_id
             order by dated_on desc, id desc limit 101
           ) newest
         ) t join categories c on c.key = t.category_key
         order by t.place
       ) t
     ) as transactions
     from accounts a where a.id = $1 and a.client_id = $2 and a.deleted_at is null`,
  ),
};

const light: Question = {
  name: 'light',
  about: 'one user',
  subject: 'User',
  document: `query Light($id: ID!) { user(id: $id) { id email locale createdAt updatedAt } }`,
  statement: answer(
    'user',
    `select ${globalId('User', 'id')} as id, email, locale, ${instant('created_at')} as "createdAt",
            ${instant('updated_at')} as "updatedAt"
     from users where id = $1 and client_id = $2`,
  ),
};

export const questions: readonly Question[] = [nested, page, light];
