import { and, eq, sql } from 'drizzle-orm';
import postgres from 'postgres';
import type { UserScope } from '../domain/viewer.ts';
import type { ClientId, UserId } from '../kernel/id.ts';
import type { Database } from './database.ts';
import type { UserTransaction } from './log.ts';
import { idempotencyKeys, users } from './schema/clients.ts';
import { events } from './schema/events.ts';
import type { Executor } from './scope.ts';
import { accountDigest, forgetAccount } from './login-throttles.ts';
import { deleteOauthRecordsOfUser } from './oauth-records.ts';
import { deleteDeliveriesOf } from './webhook-deliveries.ts';

/** What the password grant compares. */
export interface UserCredentials {
  readonly id: UserId;
  readonly passwordHash: string;
}

/** The user of this client who has this e-mail, in any case; null when there is none. */
export async function findUserByEmail(
  database: Database,
  clientId: ClientId,
  email: string,
): Promise<UserCredentials | null> {
  const [row] = await database.db
    .select({ id: users.id, passwordHash: users.passwordHash })
    .from(users)
    .where(and(eq(users.clientId, clientId), eq(sql`lower(${users.email})`, sql`lower(${email})`)));
  return row ?? null;
}

/** True when the user of this scope exists. */
export async function userExists(scope: UserScope, db: Executor): Promise<boolean> {
  const rows = await db.select({ id: users.id }).from(users).where(isOf(scope));
  return rows.length > 0;
}

interface NewUser {
  readonly email: string;
  readonly passwordHash: string;
  readonly locale: string | null;
  readonly createdAt: Date;
}

/** Adds the user of the transaction's scope; false when the e-mail is taken, in any case, by another of the client. */
export async function insertUser({ tx, scope }: UserTransaction, user: NewUser): Promise<boolean> {
  const added = await tx
    .insert(users)
    .values({ id: scope.userId, clientId: scope.clientId, updatedAt: user.createdAt, ...user })
    .onConflictDoNothing()
    .returning({ id: users.id });
  return added.length > 0;
}

/** The version of the terms that the user of the scope accepted last; undefined when there is no such user. */
export async function findAcceptedTerms(scope: UserScope, db: Executor): Promise<string | null | undefined> {
  const [row] = await db.select({ version: users.acceptedTermsVersion }).from(users).where(isOf(scope));
  return row?.version;
}

interface UserChange {
  readonly email?: string;
  readonly passwordHash?: string;
  readonly locale?: string | null;
  readonly acceptedTermsVersion?: string;
  readonly acceptedTermsAt?: Date;
  readonly updatedAt: Date;
}

/** Changes the user of the transaction's scope; fails on the unique index when the e-mail is taken. */
export async function updateUserRow({ tx, scope }: UserTransaction, change: UserChange): Promise<boolean> {
  const changed = await tx.update(users).set(change).where(isOf(scope)).returning({ id: users.id });
  return changed.length > 0;
}

/** True for what `updateUserRow` throws when the e-mail is taken (PostgreSQL's unique_violation, of that index). */
export function isEmailTaken(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof postgres.PostgresError && cause.constraint_name === 'users_client_email';
}

/**
 * Deletes the user with all that hangs on him: rows by cascade, his data key among them, and what names him without a
 * reference, the events of his stream included. False when he was not there.
 */
export async function deleteUserRow({ tx, scope }: UserTransaction): Promise<boolean> {
  await deleteDeliveriesOf(scope, tx);
  const [deleted] = await tx.delete(users).where(isOf(scope)).returning({ email: users.email });
  if (!deleted) return false;
  await tx.delete(events).where(and(eq(events.clientId, scope.clientId), eq(events.userId, scope.userId)));
  await deleteOauthRecordsOfUser(tx, scope.userId);
  await forgetAccount(tx, accountDigest(scope.clientId, deleted.email));
  await tx
    .delete(idempotencyKeys)
    .where(and(eq(idempotencyKeys.clientId, scope.clientId), eq(idempotencyKeys.subject, scope.userId)));
  return true;
}

function isOf(scope: UserScope) {
  return and(eq(users.id, scope.userId), eq(users.clientId, scope.clientId));
}

/** True while the client has this user. */
export async function isUserThere(database: Database, clientId: ClientId, userId: UserId): Promise<boolean> {
  const [row] = await database.db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.clientId, clientId)));
  return row !== undefined;
}
