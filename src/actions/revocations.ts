import type { BankSession } from '../connectors/connector.ts';
import { Failure } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ChannelId, ConnectionId, ConsentId } from '../kernel/id.ts';
import { channelSealContext, listChannels, type ChannelWithDefinition } from '../store/channels.ts';
import { consentSealContext, listOpenConsents } from '../store/consents.ts';
import type { Tx } from '../store/database.ts';
import { enqueue, revocationJobKey, revocationSealContext, type TaskPayloads } from '../store/jobs.ts';
import { inUserTransaction, type UserTransaction } from '../store/log.ts';
import type { ChannelDefinition } from '../store/providers.ts';
import type { Executor } from '../store/scope.ts';
import type { ActionContext } from './context.ts';

type Revocation = TaskPayloads['revoke-consent'];

/** Whose consents are to end at their banks: all open ones of the user, or as narrowed. */
interface Ending {
  readonly connectionId?: ConnectionId;
  readonly channelId?: ChannelId;
  readonly consentId?: ConsentId;
  readonly statuses?: readonly ('PENDING' | 'ACTIVE' | 'EXPIRING')[];
}

interface OpenSession {
  readonly consentId: ConsentId;
  readonly channel: ChannelWithDefinition;
  readonly sealContext: string;
  readonly sealed: Uint8Array;
}

/** The session of each open consent that has one: its own while it is PENDING, then its channel's. */
async function openSessions(scope: UserScope, db: Executor, of: Ending): Promise<OpenSession[]> {
  const consents = await listOpenConsents(scope, db, of);
  const channels = new Map((await listChannels(scope, db, of)).map((channel) => [channel.id, channel]));
  return consents.flatMap(({ id: consentId, channelId, status, sealedSession }) => {
    const channel = channels.get(channelId);
    if (!channel) return [];
    const sealed = status === 'PENDING' ? sealedSession : channel.sealedSession;
    const sealContext = status === 'PENDING' ? consentSealContext(consentId) : channelSealContext(channelId);
    return sealed ? [{ consentId, channel, sealContext, sealed }] : [];
  });
}

/**
 * What ends these consents at their banks, in jobs that outlive the rows: the user's key dies with his rows, so each
 * bank session is opened now and sealed again for the house. A session that does not open is skipped with a warning,
 * because erasing must not depend on it.
 */
async function toRevocations(
  context: ActionContext,
  scope: UserScope,
  sessions: readonly OpenSession[],
): Promise<Revocation[]> {
  const revocations: Revocation[] = [];
  for (const { consentId, channel, sealContext, sealed } of sessions) {
    try {
      const session = await context.vault.open(scope, sealContext, sealed);
      revocations.push(toRevocation(context, consentId, channel.definition, session));
    } catch (error) {
      context.log.warn({ consentId, error }, 'The bank session does not open: the consent stays at the bank.');
    }
  }
  return revocations;
}

/** What ends a consent at its bank, in a job, by a session that nobody keeps. */
export function toRevocation(
  { vault }: Pick<ActionContext, 'vault'>,
  consentId: ConsentId,
  { dialect, baseUrl, timeZone, quirks }: ChannelDefinition,
  session: unknown,
): Revocation {
  const forHouse = vault.sealForHouse(revocationSealContext(consentId), session);
  const sealedSession = Buffer.from(forHouse).toString('base64url');
  return { consentId, dialect, endpoint: { baseUrl, timeZone, quirks }, sealedSession };
}

/** Enqueues revocations in the transaction that ends the consents here. */
export async function enqueueRevocations(tx: Tx, revocations: readonly Revocation[]): Promise<void> {
  for (const revocation of revocations) {
    await enqueue(tx, 'revoke-consent', revocation, { jobKey: revocationJobKey(revocation.consentId) });
  }
}

/** By whom a consent is ended, as its failure says: the person himself, or his client. */
export function revokedBy({ actor }: Pick<ActionContext, 'actor'>) {
  return actor?.kind === 'USER' ? 'CONSENT_REVOKED_BY_USER' : 'CONSENT_REVOKED_BY_CLIENT';
}

/** Takes a transaction back before which a sync has renewed the session that was prepared. */
class SessionMoved extends Error {}

const attemptsMax = 10;

/**
 * Runs `work` in a transaction of the user with the revocations for the sessions as they stand inside of it: a bank
 * takes a refresh token once, so one that a sync has renewed meanwhile would revoke nothing. The sessions are opened
 * before the transaction, which must not wait for a second connection of the pool. CONFLICT when they keep changing.
 */
export async function inTransactionWithRevocations<Result>(
  context: ActionContext,
  scope: UserScope,
  of: Ending,
  work: (transaction: UserTransaction, revocations: readonly Revocation[]) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const prepared = await openSessions(scope, context.database.db, of);
    const revocations = await toRevocations(context, scope, prepared);
    try {
      return await inUserTransaction(context.database, scope, async (transaction) => {
        const current = await openSessions(scope, transaction.tx, of);
        if (fingerprint(current) !== fingerprint(prepared)) throw new SessionMoved();
        return work(transaction, revocations);
      });
    } catch (error) {
      if (!(error instanceof SessionMoved)) throw error;
    }
  }
  throw new Failure('CONFLICT', { message: 'The consents of this user keep changing. Try again.' });
}

function fingerprint(sessions: readonly OpenSession[]): string {
  return sessions.map(({ consentId, sealed }) => `${consentId} ${Buffer.from(sealed).toString('base64')}`).join();
}

/** A text that was sealed as JSON, as the session that it is; throws when it is none. */
export function asBankSession(value: unknown): BankSession {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('Not a bank session.');
  return Object.fromEntries(Object.entries(value));
}
