import { and, eq, sql } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Database } from './database.ts';
import { dataKeys, users } from './schema/clients.ts';

interface StoredDataKey {
  readonly keyId: string;
  readonly wrappedKey: Uint8Array;
}

/** The wrapped data keys of users, as the vault wants them kept. */
export function createDataKeys(database: Database, clock: Clock) {
  async function find(scope: UserScope): Promise<StoredDataKey | null> {
    const [row] = await database.db
      .select({ keyId: dataKeys.keyId, wrappedKey: dataKeys.wrappedKey })
      .from(dataKeys)
      .where(and(eq(dataKeys.userId, scope.userId), eq(dataKeys.clientId, scope.clientId)));
    return row ?? null;
  }
  return {
    find,
    /** Of several keys that come at once the first is kept, and every caller gets that one; null without such a user. */
    async keep(scope: UserScope, key: StoredDataKey): Promise<StoredDataKey | null> {
      await database.db.execute(sql`
        insert into ${dataKeys} (user_id, client_id, key_id, wrapped_key, created_at)
        select ${users.id}, ${users.clientId}, ${key.keyId}, ${key.wrappedKey}, ${clock.now().toISOString()}::timestamptz
        from ${users} where ${users.id} = ${scope.userId} and ${users.clientId} = ${scope.clientId}
        on conflict do nothing
      `);
      return find(scope);
    },
  };
}
