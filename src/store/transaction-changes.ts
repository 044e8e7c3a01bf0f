import { sql, type SQL } from 'drizzle-orm';
import { Failure } from '../domain/failure.ts';
import type { ChangePage, TransactionChange } from '../domain/transaction-change.ts';
import type { TransactionStatus } from '../domain/transaction.ts';
import { scopeOfRow, type Scope } from '../domain/viewer.ts';
import { decodeCursor, encodeCursor } from '../kernel/cursor.ts';
import { isId, type AccountId, type ConnectionId, type TransactionId, type UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import { horizon } from './horizon.ts';

interface ReadChangesOptions {
  /** Read what comes after this cursor; null reads from the beginning. */
  readonly after: string | null;
  /** How many changes at most. */
  readonly limit: number;
}

/** A row of the list: a transaction, or the event that its whole account, connection or user is gone. */
type Row = Readonly<Record<string, unknown>> & {
  readonly xid: string;
  /** Orders what one database transaction did: deletions (`!` and a number) before rows (their ids). */
  readonly key: string;
  readonly user_id: UserId;
  readonly transaction_id: TransactionId | null;
  readonly status: TransactionStatus | null;
  readonly is_new: boolean | null;
  readonly type: 'account.deleted' | 'connection.deleted' | 'user.deleted' | null;
  readonly facts: { readonly accountId?: AccountId; readonly connectionId?: ConnectionId } | null;
};

const cursorKind = 'chg';
const startOfList = { xid: '0', key: '' };
const positionMax = String(2n ** 63n - 1n);

/**
 * The changes of transactions after a place, in the order of the database transactions that made them. A row stands in
 * the list once, where it was changed last, and only ever moves to the end: so a reader who applies page after page has
 * what the store has. One statement sees rows and deletions at the same moment. Across users it stays below the oldest
 * running transaction, as the log's readers do (store/horizon.ts). Throws `Failure` CURSOR_INVALID.
 */
export async function readTransactionChanges(
  database: Database,
  scope: Scope,
  { after, limit }: ReadChangesOptions,
): Promise<ChangePage> {
  const { xid, key } = after === null ? startOfList : placeOf(after);
  const position = key === '' ? '0' : key.startsWith('!') ? key.slice(1) : positionMax;
  const mine = scope.userId
    ? sql`client_id = ${scope.clientId} and user_id = ${scope.userId}`
    : sql`client_id = ${scope.clientId}`;
  const settled = (column: SQL) => (scope.userId ? sql`true` : sql`${column} < ${horizon}`);
  const rows = await database.db.execute<Row>(sql`
    select xid::text, key, user_id, transaction_id, status, is_new, type, facts from (
      (select changed_xid as xid, id as key, user_id, id as transaction_id, status, created_at = updated_at as is_new,
              null as type, null::jsonb as facts
       from transactions
       where ${mine} and (changed_xid, id) > (${xid}::xid8, ${key}) and ${settled(sql`changed_xid`)}
       order by changed_xid, id limit ${limit + 1})
      union all
      (select xid, '!' || lpad(position::text, 19, '0'), user_id, null, null, null, type, facts
       from events
       where ${mine} and type in ('account.deleted', 'connection.deleted', 'user.deleted')
         and (xid, position) > (${xid}::xid8, ${position}::bigint) and xid >= ${xid}::xid8 and ${settled(sql`xid`)}
       order by xid, position limit ${limit + 1})
    ) as change
    order by change.xid, key collate "C" limit ${limit + 1}`);
  return { changes: rows.slice(0, limit).map((row) => toChange(scope, row)), hasMore: rows.length > limit };
}

function toChange(scope: Scope, row: Row): TransactionChange {
  const owner = scopeOfRow({ clientId: scope.clientId, userId: row.user_id });
  const cursor = encodeCursor(cursorKind, [row.xid, row.key]);
  if (row.transaction_id) {
    const kind = row.status === 'VOID' ? 'VOIDED' : row.is_new ? 'CREATED' : 'UPDATED';
    return { cursor, owner, kind, transactionId: row.transaction_id };
  }
  if (row.facts?.accountId) return { cursor, owner, kind: 'ACCOUNT_DELETED', accountId: row.facts.accountId };
  if (row.facts?.connectionId)
    return { cursor, owner, kind: 'CONNECTION_DELETED', connectionId: row.facts.connectionId };
  return { cursor, owner, kind: 'USER_DELETED' };
}

function placeOf(cursor: string): { xid: string; key: string } {
  const [xid, key, ...rest] = decodeCursor(cursorKind, cursor) ?? [];
  const isKey = key !== undefined && (/^!\d{19}$/.test(key) || isId('transaction', key));
  if (xid === undefined || !isKey || rest.length > 0 || !/^\d{1,19}$/.test(xid)) {
    throw new Failure('CURSOR_INVALID', {
      message: 'This is not a cursor of transactionChanges: pass the `cursor` of a change, unchanged, or leave it out.',
    });
  }
  return { xid, key };
}
