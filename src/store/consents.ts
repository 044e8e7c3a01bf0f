import { and, desc, eq, inArray } from 'drizzle-orm';
import type { ConsentStatus } from '../domain/connection.ts';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { ChannelId, ConnectionId, ConsentId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { consents } from './schema/connections.ts';

export type ConsentRow = typeof consents.$inferSelect;
type ConsentChange = Partial<Omit<ConsentRow, 'id' | 'userId' | 'clientId' | 'createdAt'>>;

/** The statuses in which a consent gives access. */
export const livingConsentStatuses = ['ACTIVE', 'EXPIRING'] as const satisfies readonly ConsentStatus[];

/** Where the session of an authorisation under way belongs, for the vault. */
export function consentSealContext(id: ConsentId): string {
  return `consents.sealed_session:${id}`;
}

/** The consent, or undefined when it does not exist in this scope. */
export async function findConsent(scope: Scope, db: Executor, id: ConsentId): Promise<ConsentRow | undefined> {
  const [row] = await db
    .select()
    .from(consents)
    .where(and(eq(consents.id, id), inScope(consents, scope)));
  return row;
}

/**
 * The consent whose authorisation carries this state. No scope: whoever holds the 256 random bits came from the bank's
 * page that we sent him to, and a browser that returns has no token.
 */
export async function findConsentByState(db: Executor, stateHash: string): Promise<ConsentRow | undefined> {
  const [row] = await db.select().from(consents).where(eq(consents.stateHash, stateHash));
  return row;
}

/** The consents that give access or may soon, newest first: of the user, of a connection, or of one channel. */
export async function listOpenConsents(
  scope: UserScope,
  db: Executor,
  of: { connectionId?: ConnectionId; channelId?: ChannelId } = {},
): Promise<ConsentRow[]> {
  return db
    .select()
    .from(consents)
    .where(
      and(
        of.connectionId ? eq(consents.connectionId, of.connectionId) : undefined,
        of.channelId ? eq(consents.channelId, of.channelId) : undefined,
        inArray(consents.status, ['PENDING', ...livingConsentStatuses]),
        inScope(consents, scope),
      ),
    )
    .orderBy(desc(consents.createdAt), desc(consents.id));
}

/** The newest consent that gives access to a channel. */
export async function findLivingConsent(
  scope: UserScope,
  db: Executor,
  channelId: ChannelId,
): Promise<ConsentRow | undefined> {
  const [row] = await db
    .select()
    .from(consents)
    .where(
      and(
        eq(consents.channelId, channelId),
        inArray(consents.status, [...livingConsentStatuses]),
        inScope(consents, scope),
      ),
    )
    .orderBy(desc(consents.createdAt), desc(consents.id))
    .limit(1);
  return row;
}

export async function insertConsent(
  scope: UserScope,
  db: Executor,
  row: Omit<typeof consents.$inferInsert, 'userId' | 'clientId'>,
): Promise<void> {
  await db.insert(consents).values({ ...row, userId: scope.userId, clientId: scope.clientId });
}

export async function updateConsent(
  scope: UserScope,
  db: Executor,
  id: ConsentId,
  change: ConsentChange,
): Promise<void> {
  await db
    .update(consents)
    .set(change)
    .where(and(eq(consents.id, id), inScope(consents, scope)));
}
