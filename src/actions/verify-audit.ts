import { createHash } from 'node:crypto';
import type { ClientId } from '../kernel/id.ts';
import { auditedClients, readAuditLinks, type AuditLink } from '../store/audit.ts';
import type { ActionContext } from './context.ts';

const pageSize = 1_000;

/** What became of a client's chain. */
export interface AuditVerdict {
  readonly clientId: ClientId;
  readonly clientName: string | null;
  /** How many entries hold, from the first on. */
  readonly soundCount: bigint;
  /** Hash of the last sound entry, in hex. Kept elsewhere, it shows later whether the end was cut off. */
  readonly head: string | null;
  /** The first broken link, and how it is broken; null when all hold. */
  readonly broken: { readonly sequence: bigint; readonly reason: string } | null;
}

/**
 * Walks every client's chain of audit entries from its beginning. The hashes are made here again, not by the database
 * that keeps them. A chain whose newest entries were cut off is sound in itself: compare its head with one kept before.
 */
export async function* verifyAudit({ database }: Pick<ActionContext, 'database'>): AsyncGenerator<AuditVerdict> {
  for (const { clientId, name } of await auditedClients(database.db)) {
    let last: AuditLink | null = null;
    let broken: AuditVerdict['broken'] = null;
    for (let hasMore = true; hasMore && !broken;) {
      const after: bigint = last?.sequence ?? 0n;
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
      const links: AuditLink[] = await readAuditLinks(database.db, clientId, { after, limit: pageSize });
      hasMore = links.length === pageSize;
      for (const link of links) {
        const reason = flawOf(link, last);
        if (reason) broken = { sequence: (last?.sequence ?? 0n) + 1n, reason };
        if (broken) break;
        last = link;
      }
    }
    const head = last ? Buffer.from(last.hash).toString('hex') : null;
    yield { clientId, clientName: name, soundCount: last?.sequence ?? 0n, head, broken };
  }
}

function flawOf(link: AuditLink, before: AuditLink | null): string | null {
  if (link.sequence !== (before?.sequence ?? 0n) + 1n) return 'the entry is missing';
  const expected = before ? Buffer.from(before.hash) : null;
  const found = link.previousHash ? Buffer.from(link.previousHash) : null;
  if (!(expected === null ? found === null : found?.equals(expected))) return 'it does not follow the entry before';
  const made = createHash('sha256').update(link.content).digest();
  return made.equals(Buffer.from(link.hash)) ? null : 'its content is not what was written';
}
