import { asc, sql } from 'drizzle-orm';
import type { Actor, AuditedAction } from '../domain/audit.ts';
import type { ClientId } from '../kernel/id.ts';
import type { Executor } from './scope.ts';
import { auditEntries } from './schema/audit.ts';
import { clients } from './schema/clients.ts';

interface NewAuditEntry {
  readonly actor: Actor;
  readonly action: AuditedAction;
  /** The ids that the action is about, by their kind; nothing else. */
  readonly subject: Readonly<Record<string, string>>;
  readonly occurredAt: Date;
  /** OK, or the code of the failure. */
  readonly result?: string;
}

/**
 * Writes down an action, in the transaction that does it. The database numbers and links the entry, and keeps of the
 * address its network only. It locks the client's chain until the commit: call it last, so that the lock is short.
 */
export async function appendAuditEntry(db: Executor, clientId: ClientId, entry: NewAuditEntry): Promise<void> {
  const { actor, action, subject, occurredAt, result = 'OK' } = entry;
  await db.insert(auditEntries).values({
    clientId,
    occurredAt,
    actorKind: actor.kind,
    actorId: actor.id,
    action,
    subject: { ...subject },
    network: actor.ipAddress,
    result,
    // The trigger sets these.
    sequence: 0n,
    hash: new Uint8Array(),
  });
}

/** An entry as it must be checked: `content` is what `hash` was made of. */
export interface AuditLink {
  readonly sequence: bigint;
  readonly content: string;
  readonly previousHash: Uint8Array | null;
  readonly hash: Uint8Array;
}

/** The clients that have a chain, with their names where they still exist. */
export async function auditedClients(db: Executor): Promise<{ clientId: ClientId; name: string | null }[]> {
  return db
    .selectDistinct({ clientId: auditEntries.clientId, name: clients.name })
    .from(auditEntries)
    .leftJoin(clients, sql`${clients.id} = ${auditEntries.clientId}`)
    .orderBy(asc(auditEntries.clientId));
}

/** The links of a client's chain after this sequence, in order. */
export async function readAuditLinks(
  db: Executor,
  clientId: ClientId,
  { after, limit }: { after: bigint; limit: number },
): Promise<AuditLink[]> {
  return db
    .select({
      sequence: auditEntries.sequence,
      content: sql<string>`audit_content(${auditEntries})`,
      previousHash: auditEntries.previousHash,
      hash: auditEntries.hash,
    })
    .from(auditEntries)
    .where(sql`${auditEntries.clientId} = ${clientId} and ${auditEntries.sequence} > ${after}`)
    .orderBy(asc(auditEntries.sequence))
    .limit(limit);
}
