import { sql, type SQL } from 'drizzle-orm';
import { placeOf } from './log-place.ts';
import { events } from './schema/events.ts';

/**
 * Conditions on the place of an event. The bound of the xid alone says nothing new, but by it PostgreSQL leaves out the
 * partitions in which nothing can be: of a comparison of rows it does not see that.
 */
export function isAfter(cursor: string): SQL {
  return compared(sql`>`, sql`>=`, cursor);
}

export function isBefore(cursor: string): SQL {
  return compared(sql`<`, sql`<=`, cursor);
}

/** At this place or before it. */
export function isUpTo(cursor: string): SQL {
  return compared(sql`<=`, sql`<=`, cursor);
}

function compared(operator: SQL, ofXid: SQL, cursor: string): SQL {
  const { xid, position } = placeOf(cursor);
  return sql`((${events.xid}, ${events.position}) ${operator} (${String(xid)}::xid8, ${String(position)}::bigint)
    and ${events.xid} ${ofXid} ${String(xid)}::xid8)`;
}
