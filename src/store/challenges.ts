import { and, asc, eq, inArray, isNull } from 'drizzle-orm';
import type { Scope, UserScope } from '../domain/viewer.ts';
import type { ChallengeId, ChannelId, SyncId } from '../kernel/id.ts';
import { inScope, type Executor } from './scope.ts';
import { challenges } from './schema/syncs.ts';

export type ChallengeRow = typeof challenges.$inferSelect;
type ChallengeChange = Partial<
  Pick<
    ChallengeRow,
    | 'status'
    | 'outcome'
    | 'prompt'
    | 'details'
    | 'sealedSession'
    | 'sealedAnswer'
    | 'stateHash'
    | 'expiresAt'
    | 'closedAt'
  >
>;

/** Where the session of a sign-in under way belongs, for the vault. */
export function challengeSessionSealContext(id: ChallengeId): string {
  return `challenges.sealed_session:${id}`;
}

/** Where an answer belongs until a worker takes it, for the vault. */
export function answerSealContext(id: ChallengeId): string {
  return `challenges.sealed_answer:${id}`;
}

/** The challenge, or undefined when it does not exist in this scope. */
export async function findChallenge(scope: Scope, db: Executor, id: ChallengeId): Promise<ChallengeRow | undefined> {
  const [row] = await db
    .select()
    .from(challenges)
    .where(and(eq(challenges.id, id), inScope(challenges, scope)));
  return row;
}

/**
 * The challenge whose REDIRECT carries this state. No scope: whoever holds the 256 random bits came from the bank's
 * page that we sent him to, and a browser that returns has no token.
 */
export async function findChallengeByState(db: Executor, stateHash: string): Promise<ChallengeRow | undefined> {
  const [row] = await db.select().from(challenges).where(eq(challenges.stateHash, stateHash));
  return row;
}

/**
 * The challenge at which the sign-in of a channel stands: open, or answered without a word from the bank yet. There is
 * at most one, because each that follows decides the one before.
 */
export async function findUndecidedChallenge(
  scope: UserScope,
  db: Executor,
  of: { readonly syncId: SyncId; readonly channelId: ChannelId },
): Promise<ChallengeRow | undefined> {
  const [row] = await db
    .select()
    .from(challenges)
    .where(
      and(
        eq(challenges.syncId, of.syncId),
        eq(challenges.channelId, of.channelId),
        inArray(challenges.status, ['OPEN', 'ANSWERED']),
        isNull(challenges.outcome),
        inScope(challenges, scope),
      ),
    );
  return row;
}

/** The challenges of a sync that still wait for the person: at most one, as the database sees to. */
export async function listOpenChallenges(scope: UserScope, db: Executor, syncId: SyncId): Promise<ChallengeRow[]> {
  return db
    .select()
    .from(challenges)
    .where(and(eq(challenges.syncId, syncId), eq(challenges.status, 'OPEN'), inScope(challenges, scope)))
    .orderBy(asc(challenges.createdAt));
}

export async function insertChallenge(
  scope: UserScope,
  db: Executor,
  row: Omit<typeof challenges.$inferInsert, 'userId' | 'clientId'>,
): Promise<void> {
  await db.insert(challenges).values({ ...row, userId: scope.userId, clientId: scope.clientId });
}

export async function updateChallenge(
  scope: UserScope,
  db: Executor,
  id: ChallengeId,
  change: ChallengeChange,
): Promise<void> {
  await db
    .update(challenges)
    .set(change)
    .where(and(eq(challenges.id, id), inScope(challenges, scope)));
}
