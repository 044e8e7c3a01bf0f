import { expect, it } from 'vitest';
import { disableSandboxClient, installSandboxClient, sandboxClient } from '../../src/actions/install-sandbox-client.ts';
import { verifyPassword } from '../../src/actions/password.ts';
import { permissions } from '../../src/domain/viewer.ts';
import { findEnabledClient } from '../../src/store/clients.ts';
import { clients } from '../../src/store/schema/clients.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, tokenFor } from '../support/oauth.ts';

const known = { id: 'sandbox', secret: 'sandbox-secret' };

it('installs the client of the documentation, once, however many processes start', async () => {
  const context = await houseContext();
  await Promise.all([1, 2, 3].map(() => installSandboxClient(context)));
  const [first] = await context.database.db.select().from(clients);
  await installSandboxClient(context);
  expect(await context.database.db.select().from(clients)).toEqual([
    { ...first, oauthClientId: 'sandbox', permissions, isClientModeAllowed: true, disabledAt: null },
  ]);
  await using served = await serveOauth(context);
  await expect(tokenFor(served, { client: known })).resolves.toEqual(expect.any(String));
});

it('mends one that somebody has changed', async () => {
  const context = await houseContext();
  await installSandboxClient(context);
  await context.database.db.update(clients).set({ secretHashes: [], permissions: [], isClientModeAllowed: false });
  await installSandboxClient(context);
  const mended = await findEnabledClient(context.database, 'sandbox');
  expect(mended).toMatchObject({ permissions, isClientModeAllowed: true });
  expect(await verifyPassword(mended?.secretHashes ?? [], sandboxClient.secret)).toBe(true);
});

it('is refused in production even if the database was a sandbox, and comes back in a sandbox', async () => {
  const context = await houseContext();
  expect(await disableSandboxClient(context)).toBe(false);
  await installSandboxClient(context);
  expect(await disableSandboxClient(context)).toBe(true);
  await using served = await serveOauth(context);
  await expect(tokenFor(served, { client: known })).rejects.toThrow();
  await installSandboxClient(context);
  await expect(tokenFor(served, { client: known })).resolves.toEqual(expect.any(String));
});
