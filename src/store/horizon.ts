import { sql } from 'drizzle-orm';

/**
 * The oldest transaction that may still write into this database. Below it every transaction has ended, so nothing can
 * appear there any more. PostgreSQL numbers the transactions of all databases of a cluster in one row; those that are
 * seen at work in another database are left out, or a long import of a neighbour would hold our clients' streams back.
 * Whatever cannot be told (a role without `pg_read_all_stats` sees only its own backends, a prepared transaction has
 * none) counts as ours: that holds back, and never skips.
 */
export const horizon = sql`(
  select coalesce(min(running.xid), pg_snapshot_xmax(pg_current_snapshot()))
  from pg_snapshot_xip(pg_current_snapshot()) as running (xid)
  where not exists (
    select from pg_stat_activity as neighbour
    where neighbour.backend_xid = running.xid::xid and neighbour.datname <> current_database()
  )
)`;
