import { and, asc, desc, eq, inArray, isNull, lte, or } from 'drizzle-orm';
import type { ConsentStatus } from '../domain/connection.ts';
import { scopeOfRow, type Scope, type UserScope } from '../domain/viewer.ts';
import type { ChannelId, ConnectionId, ConsentId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { channels, consents } from './schema/connections.ts';
import { channelDefinitions } from './schema/providers.ts';

export type ConsentRow = typeof consents.$inferSelect;
type ConsentChange = Partial<Omit<ConsentRow, 'id' | 'userId' | 'clientId' | 'createdAt'>>;

/** The statuses in which a consent gives access. */
export const livingConsentStatuses = ['ACTIVE', 'EXPIRING'] as const satisfies readonly ConsentStatus[];

/** True for a consent that gives access, or may soon. */
export function isOpenConsent({ status }: Pick<ConsentRow, 'status'>): boolean {
  return status === 'PENDING' || status === 'ACTIVE' || status === 'EXPIRING';
}

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

interface OfConsents {
  readonly connectionId?: ConnectionId;
  readonly channelId?: ChannelId;
  readonly consentId?: ConsentId;
  /** Only those among them. */
  readonly statuses?: readonly ('PENDING' | 'ACTIVE' | 'EXPIRING')[];
}

/** The consents that give access or may soon, newest first: all of the user's, or as narrowed. */
export async function listOpenConsents(scope: UserScope, db: Executor, of: OfConsents = {}): Promise<ConsentRow[]> {
  return db
    .select()
    .from(consents)
    .where(
      and(
        of.connectionId ? eq(consents.connectionId, of.connectionId) : undefined,
        of.channelId ? eq(consents.channelId, of.channelId) : undefined,
        of.consentId ? eq(consents.id, of.consentId) : undefined,
        inArray(consents.status, of.statuses ? [...of.statuses] : ['PENDING', ...livingConsentStatuses]),
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
    // Its end has moved: what is to be said of it is planned anew.
    .set(change.validUntil === undefined ? change : { remindAt: null, ...change })
    .where(and(eq(consents.id, id), inScope(consents, scope)));
}

/** Takes the lease of the browser's return on a PENDING consent until then; undefined while another return holds it. */
export async function claimReturn(
  scope: UserScope,
  db: Executor,
  id: ConsentId,
  { now, until }: { readonly now: Date; readonly until: Date },
): Promise<ConsentRow | undefined> {
  const { status, returnLeaseExpiresAt } = consents;
  const [claimed] = await db
    .update(consents)
    .set({ returnLeaseExpiresAt: until })
    .where(
      and(
        eq(consents.id, id),
        eq(status, 'PENDING'),
        or(isNull(returnLeaseExpiresAt), lte(returnLeaseExpiresAt, now)),
        inScope(consents, scope),
      ),
    )
    .returning();
  return claimed;
}

/** Gives back the lease that ends then; one that somebody else has taken meanwhile stays his. */
export async function releaseReturn(scope: UserScope, db: Executor, id: ConsentId, until: Date): Promise<void> {
  await db
    .update(consents)
    .set({ returnLeaseExpiresAt: null })
    .where(and(eq(consents.id, id), eq(consents.returnLeaseExpiresAt, until), inScope(consents, scope)));
}

interface DueConsent {
  readonly id: ConsentId;
  readonly scope: UserScope;
}

/**
 * Consents of all clients of whose end something may have to be said by now, or of which that is not planned yet, with
 * their banks' time zones; the longest waiting first.
 */
export async function consentsToRemindOf(
  db: Executor,
  now: Date,
  limit: number,
): Promise<(DueConsent & { readonly timeZone: string })[]> {
  const rows = await db
    .select({
      id: consents.id,
      userId: consents.userId,
      clientId: consents.clientId,
      timeZone: channelDefinitions.timeZone,
    })
    .from(consents)
    .innerJoin(channels, and(eq(channels.id, consents.channelId), eq(channels.userId, consents.userId)))
    .innerJoin(channelDefinitions, eq(channelDefinitions.id, channels.channelDefinitionId))
    .where(
      and(
        inArray(consents.status, [...livingConsentStatuses]),
        or(isNull(consents.remindAt), lte(consents.remindAt, now)),
      ),
    )
    .orderBy(asc(consents.remindAt))
    .limit(limit);
  return rows.map((row) => ({ id: row.id, timeZone: row.timeZone, scope: scopeOfRow(row) }));
}

/** Consents of all clients that were asked for and that nobody confirmed in time. */
export async function abandonedConsents(db: Executor, now: Date, limit: number): Promise<DueConsent[]> {
  const rows = await db
    .select({ id: consents.id, userId: consents.userId, clientId: consents.clientId })
    .from(consents)
    .where(and(eq(consents.status, 'PENDING'), lte(consents.authorizationExpiresAt, now)))
    .orderBy(asc(consents.authorizationExpiresAt))
    .limit(limit);
  return rows.map((row) => ({ id: row.id, scope: scopeOfRow(row) }));
}
