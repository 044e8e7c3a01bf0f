import { customType, index, integer, jsonb, primaryKey, snakeCase, text } from 'drizzle-orm/pg-core';
import { actorKinds } from '../../domain/audit.ts';
import { bytes, idColumn, instant, int64, oneOf } from './columns.ts';

const inet = customType<{ data: string; driverData: string }>({ dataType: () => 'inet' });

/**
 * Who did what, one chain for each client. The database itself numbers the entries and links them (trigger
 * `audit_chain`), and refuses to change or delete any (trigger `audit_append_only`). Personal data has no place here:
 * ids, and of the address only its network. Hence there is no reference to clients or users: an entry outlives both.
 */
export const auditEntries = snakeCase.table(
  'audit_entries',
  {
    clientId: idColumn<'client'>().notNull(),
    /** Set by the trigger: 1, 2, 3 … without a gap. */
    sequence: int64().notNull(),
    occurredAt: instant().notNull(),
    actorKind: text({ enum: actorKinds }).notNull(),
    /** The client's or the user's id; the operating system's name of an operator. */
    actorId: text(),
    action: text().notNull(),
    /** The ids that the action was about, by their kind. */
    subject: jsonb().$type<Record<string, string>>().notNull(),
    /** The network that the request came from: the first 24 bits of IPv4, 48 of IPv6. */
    network: inet(),
    result: text().notNull(),
    /** Set by the trigger: the hash of the entry before; null for the first. */
    previousHash: bytes(),
    /** Set by the trigger: SHA-256 over all of the above. */
    hash: bytes().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.sequence] }),
    index('audit_entries_occurred').on(table.clientId, table.occurredAt),
    oneOf('audit_entries_actor_kind', table.actorKind, actorKinds),
  ],
);

/** How many requests of a subject were let in, in the window that began at `windowStart`. */
export const rateWindows = snakeCase.table(
  'rate_windows',
  {
    /** A client's or a user's id. */
    subject: text().notNull(),
    windowStart: instant().notNull(),
    used: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subject, table.windowStart] }),
    index('rate_windows_start').on(table.windowStart),
  ],
);
