import type postgres from 'postgres';
import { scopeOfRow } from '../../../src/domain/viewer.ts';
import type { ClientId, UserId } from '../../../src/kernel/id.ts';
import type { Database } from '../../../src/store/database.ts';
import { wakeReaders } from '../../../src/store/log-wake.ts';

/** Users of one client, and events for them that are committed at once, as many writers would commit them. */
export interface Members {
  readonly clientId: ClientId;
  readonly userIds: readonly UserId[];
}

export async function insertMembers(sql: postgres.Sql, count: number): Promise<Members> {
  const [client] = await sql<{ id: ClientId }[]>`
    insert into clients (id, oauth_client_id, name, created_at)
    values ('cli_' || lpad('1', 26, '0'), 'fan-out', 'Fan-out', now()) returning id`;
  if (!client) throw new Error('The client was not made.');
  const rows = await sql<{ id: UserId }[]>`
    insert into users (id, client_id, email, password_hash, created_at, updated_at)
    select 'usr_' || lpad(u::text, 26, '0'), ${client.id}, u || '@example.com', '-', now(), now()
    from generate_series(1, ${count}) u returning id`;
  return { clientId: client.id, userIds: rows.map((row) => row.id) };
}

/**
 * Commits so many events for each of these users in one statement, and wakes the readers of each. Those of one user stand
 * together, as in the log, where a transaction is of one user.
 */
export async function appendForMany(
  database: Database,
  { clientId, userIds }: Members,
  users: number,
  each: number,
  onCommitted: () => void,
): Promise<void> {
  const { sql } = database;
  const writtenTo = userIds.slice(0, users);
  await sql`
    with grown as (
      insert into event_streams (user_id, client_id, sequence)
      select u, ${clientId}, ${each} from unnest(${writtenTo}::text[]) u
      on conflict (user_id) do update set sequence = event_streams.sequence + ${each}
      returning user_id, client_id, sequence
    )
    insert into events (id, client_id, user_id, sequence, type, connection_id, facts, occurred_at)
    select 'evt_' || lower(replace(gen_random_uuid()::text, '-', '')), client_id, user_id, sequence - ${each} + n,
           'account.updated', ${connectionId},
           ${sql.json({ connectionId, accountId: connectionId.replace('con', 'acc'), changed: ['balance', 'name'] })}, now()
    from grown, generate_series(1, ${each}) n order by user_id, n`;
  onCommitted();
  await Promise.all(writtenTo.map((userId) => wakeReaders(database, scopeOfRow({ clientId, userId }))));
}

const connectionId = `con_${'0'.repeat(26)}`;
