import { createHash } from 'node:crypto';
import { notFound } from '../domain/failure.ts';
import type { UserScope } from '../domain/viewer.ts';
import { readUserRows } from '../store/export-user.ts';
import { inUserTransaction } from '../store/log.ts';
import { userExists } from '../store/users.ts';
import { audit } from './audit.ts';
import type { ActionContext } from './context.ts';

/** What the last line of an archive says of the lines before it; the signature covers its JSON. */
export interface ArchiveSeal {
  readonly format: 'tributary-user-archive';
  readonly version: 1;
  readonly clientId: string;
  readonly userId: string;
  readonly exportedAt: string;
  /** Lines before this one, and the SHA-256 of their bytes, newlines included, in base64url. */
  readonly lines: number;
  readonly sha256: string;
}

/** Signs a seal with the key that signs access tokens: a JWS in compact form, to be checked with /oauth/jwks. */
export type SignSeal = (seal: ArchiveSeal) => Promise<string>;

/** Writes the export down and makes sure that there is such a user; fails with NOT_FOUND. */
export async function beginExport(context: ActionContext, scope: UserScope): Promise<void> {
  await inUserTransaction(context.database, scope, async (transaction) => {
    if (!(await userExists(scope, transaction.tx))) throw notFound('user');
    await audit(context, transaction, 'user.export');
  });
}

/**
 * Everything that is kept about a user, as lines of JSON: a head, the rows of every table, and a signed end. An archive
 * without its last line was cut short. `write` may make the export wait, for a slow reader holds no more than a page.
 */
export async function exportUser(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  scope: UserScope,
  sign: SignSeal,
  write: (line: string) => Promise<void>,
): Promise<void> {
  const digest = createHash('sha256');
  const { clientId, userId } = scope;
  const exportedAt = clock.now().toISOString();
  const head = { format: 'tributary-user-archive', version: 1, clientId, userId, exportedAt } as const;
  let lines = 0;
  async function add(line: string): Promise<void> {
    digest.update(line);
    lines += 1;
    await write(line);
  }
  await add(`${JSON.stringify({ type: 'archive', ...head })}\n`);
  await readUserRows(database, scope, (table, row) => add(`{"type":${JSON.stringify(table)},"row":${row}}\n`));
  const seal: ArchiveSeal = { ...head, lines, sha256: digest.digest('base64url') };
  await write(`${JSON.stringify({ type: 'seal', seal, signature: await sign(seal) })}\n`);
}
