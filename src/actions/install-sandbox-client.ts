import { permissions } from '../domain/viewer.ts';
import { newId } from '../kernel/id.ts';
import { disableClient, findEnabledClient, insertClient, restoreClient } from '../store/clients.ts';
import type { ActionContext } from './context.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** What everybody may know, because it opens a sandbox only. */
export const sandboxClient = { oauthClientId: 'sandbox', secret: 'sandbox-secret' } as const;

/**
 * Makes sure that the sandbox client exists as documented: all permissions, client mode, its well-known secret. For a
 * start in sandbox only; safe when several processes start at once.
 */
export async function installSandboxClient(context: Pick<ActionContext, 'database' | 'clock'>): Promise<void> {
  const { database, clock } = context;
  const found = await findEnabledClient(database, sandboxClient.oauthClientId);
  const isAsDocumented =
    found !== null &&
    found.isClientModeAllowed &&
    found.permissions.length === permissions.length &&
    found.secretHashes.length > 0 &&
    (await verifyPassword(found.secretHashes, sandboxClient.secret));
  if (isAsDocumented) return;
  const now = clock.now();
  const client = {
    id: newId('client', now),
    oauthClientId: sandboxClient.oauthClientId,
    name: 'Sandbox',
    secretHashes: [await hashPassword(sandboxClient.secret)],
    permissions,
    isClientModeAllowed: true,
    createdAt: now,
  };
  if (!(await insertClient(database, client))) await restoreClient(database, client);
}

/**
 * Disables the sandbox client, whose secret everybody knows: every start in production does this first, because the
 * database may have been a sandbox's. True when there was one to disable.
 */
export function disableSandboxClient(context: Pick<ActionContext, 'database' | 'clock'>): Promise<boolean> {
  return disableClient(context.database, sandboxClient.oauthClientId, context.clock.now());
}
