import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Permission } from '../domain/viewer.ts';
import type { ApplicationId, ClientId } from '../kernel/id.ts';
import { knownPermissions, type AuthenticationRow } from './clients.ts';
import type { Database } from './database.ts';
import type { Executor } from './scope.ts';
import { applications } from './schema/clients.ts';

/** A third party that a client has registered. Its id is also its OAuth client id. */
export interface ApplicationRow extends AuthenticationRow {
  readonly id: ApplicationId;
  readonly clientId: ClientId;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly redirectUris: readonly string[];
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

function toRow(row: typeof applications.$inferSelect): ApplicationRow {
  return { ...row, permissions: knownPermissions(row.permissions) };
}

/** The application with this id, disabled or not. */
export async function findApplication(db: Executor, id: ApplicationId): Promise<ApplicationRow | null> {
  const [row] = await db.select().from(applications).where(eq(applications.id, id));
  return row ? toRow(row) : null;
}

/** All applications of a client, or of all clients; the oldest first. */
export async function listApplications(database: Database, clientId?: ClientId): Promise<readonly ApplicationRow[]> {
  const rows = await database.db
    .select()
    .from(applications)
    .where(clientId && eq(applications.clientId, clientId))
    .orderBy(asc(applications.createdAt), asc(applications.id));
  return rows.map(toRow);
}

export async function insertApplication(db: Executor, application: ApplicationRow): Promise<void> {
  const { permissions, secretHashes, redirectUris, ...rest } = application;
  await db.insert(applications).values({
    ...rest,
    permissions: [...permissions],
    secretHashes: [...secretHashes],
    redirectUris: [...redirectUris],
  });
}

/** Gives an application other secrets. */
export async function updateApplicationSecrets(
  db: Executor,
  id: ApplicationId,
  change: Pick<AuthenticationRow, 'secretHashes' | 'oldSecretsExpireAt'>,
): Promise<void> {
  await db
    .update(applications)
    .set({ ...change, secretHashes: [...change.secretHashes] })
    .where(eq(applications.id, id));
}

/** Disables an application: it gets no token any more, and those it has are refused. True when it was enabled before. */
export async function disableApplicationRow(db: Executor, id: ApplicationId, at: Date): Promise<boolean> {
  const disabled = await db
    .update(applications)
    .set({ disabledAt: at })
    .where(and(eq(applications.id, id), isNull(applications.disabledAt)))
    .returning({ id: applications.id });
  return disabled.length > 0;
}
