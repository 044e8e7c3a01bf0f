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
  return `rtrim(translate(encode(convert_to('${typeName}:' || ${column}, 'UTF8'), 'base64'), '+/', '-_'), '=')`;
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
  statement: `
    select json_build_object('data', json_build_object('user', json_build_object(
      'id', ${globalId('User', 'u.id')},
      'email', u.email,
      'accounts', json_build_object('nodes', (
        select coalesce(json_agg(json_build_object(
          'id', ${globalId('Account', 'a.id')},
          'name', a.name,
          'type', a.type,
          'currency', a.currency,
          'balance', json_build_object('amount', a.balance_amount::text, 'currency', a.currency),
          'transactions', json_build_object('nodes', (
            select coalesce(json_agg(json_build_object(
              'id', ${globalId('Transaction', 't.id')},
              'datedOn', t.dated_on,
              'status', t.status,
              'type', t.type,
              'label', t.label,
              'amount', json_build_object('amount', t.amount::text, 'currency', t.currency),
              'category', json_build_object('id', ${globalId('Category', 'c.key')}, 'key', c.key, 'label', c.label_en)
            ) order by t.dated_on desc, t.id desc), '[]')
            from (
              select * from transactions
              where account_id = a.id and user_id = a.user_id
              order by dated_on desc, id desc limit 50
            ) t join categories c on c.key = t.category_key
          ))
        ) order by a.created_at desc, a.id desc), '[]')
        from accounts a where a.user_id = u.id and a.deleted_at is null
      ))
    )))::text as body
    from users u where u.id = $1 and u.client_id = $2`,
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
  statement: `
    select json_build_object('data', json_build_object('account', json_build_object(
      'id', ${globalId('Account', 'a.id')},
      'name', a.name,
      'transactions', (
        select json_build_object(
          'pageInfo', json_build_object(
            'hasNextPage', count(*) > 100,
            'endCursor', (array_agg(t.cursor order by t.place) filter (where t.place <= 100))[least(count(*), 100)]
          ),
          'edges', coalesce(json_agg(json_build_object('cursor', t.cursor, 'node', json_build_object(
            'id', ${globalId('Transaction', 't.id')},
            'datedOn', t.dated_on,
            'bookedOn', t.booked_on,
            'status', t.status,
            'label', t.label,
            'bankText', t.bank_text,
            'amount', json_build_object('amount', t.amount::text, 'currency', t.currency),
            'category', json_build_object('key', c.key, 'label', c.label_en)
          )) order by t.place) filter (where t.place <= 100), '[]')
        )
        from (
          select row_number() over (order by dated_on desc, id desc) as place,
                 ${globalId('T', `(dated_on || ':' || id)`)} as cursor, *
          from transactions
          where account_id = a.id and user_id = a.user_id
          order by dated_on desc, id desc limit 101
        ) t join categories c on c.key = t.category_key
      )
    )))::text as body
    from accounts a where a.id = $1 and a.client_id = $2 and a.deleted_at is null`,
};

const light: Question = {
  name: 'light',
  about: 'one user',
  subject: 'User',
  document: `query Light($id: ID!) { user(id: $id) { id email locale createdAt updatedAt } }`,
  statement: `
    select json_build_object('data', json_build_object('user', json_build_object(
      'id', ${globalId('User', 'id')},
      'email', email,
      'locale', locale,
      'createdAt', ${instant('created_at')},
      'updatedAt', ${instant('updated_at')}
    )))::text as body
    from users where id = $1 and client_id = $2`,
};

export const questions: readonly Question[] = [nested, page, light];
