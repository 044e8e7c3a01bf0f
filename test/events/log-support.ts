import { users } from '../../src/store/schema/clients.ts';
import { clients } from '../../src/store/schema/clients.ts';
import type { NewEvent } from '../../src/domain/event.ts';
import { scopeOfRow, type UserScope } from '../../src/domain/viewer.ts';
import { newId, type ClientId } from '../../src/kernel/id.ts';
import type { Database } from '../../src/store/database.ts';
import { inUserTransaction } from '../../src/store/log.ts';

/** When what `append` appends has happened. */
export const appendedAt = new Date('2026-11-23T08:30:00Z');
const at = appendedAt;

export async function makeClient(database: Database): Promise<ClientId> {
  const id = newId('client', at);
  await database.db.insert(clients).values({ id, oauthClientId: id, name: 'A client', createdAt: at });
  return id;
}

export async function makeUser(database: Database, clientId: ClientId): Promise<UserScope> {
  const userId = newId('user', at);
  await database.db
    .insert(users)
    .values({ id: userId, clientId, email: `${userId}@example.com`, passwordHash: '-', createdAt: at, updatedAt: at });
  return scopeOfRow({ clientId, userId });
}

/** An event whose facts tell which one it is. */
export function marked(mark: string): NewEvent {
  return {
    type: 'account.updated',
    facts: { connectionId: connection, accountId: newId('account', at), changed: [mark] },
  };
}

export const connection = newId('connection', at);

export function markOf(event: { type: string; facts?: object }): string {
  if (event.type !== 'account.updated' || !event.facts || !('changed' in event.facts)) return event.type;
  return (event.facts.changed as string[]).join(',');
}

/** Commits one event for each mark. */
export async function append(database: Database, scope: UserScope, ...marks: string[]): Promise<void> {
  await inUserTransaction(database, scope, ({ append }) => append(at, ...marks.map(marked)));
}

/** Appends an event in a transaction that stays open until the result is called, which commits it. */
export async function appendUncommitted(
  database: Database,
  scope: UserScope,
  mark: string,
): Promise<() => Promise<void>> {
  return heldOpen((hold) =>
    inUserTransaction(database, scope, async (transaction) => {
      await transaction.append(at, marked(mark));
      await hold();
    }),
  );
}

/** Runs a transaction until it holds; the result, once called, lets it go on to its end. */
export async function heldOpen(run: (hold: () => Promise<void>) => Promise<void>): Promise<() => Promise<void>> {
  const reached = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const running = run(() => {
    reached.resolve();
    return mayEnd.promise;
  });
  await reached.promise;
  return () => {
    mayEnd.resolve();
    return running;
  };
}
