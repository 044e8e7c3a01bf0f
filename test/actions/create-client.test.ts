import { expect, it } from 'vitest';
import { createClient } from '../../src/actions/create-client.ts';
import { clients } from '../../src/store/schema/clients.ts';
import { houseContext } from '../support/house-context.ts';
import { serveOauth, tokenResponseFor } from '../support/oauth.ts';

it('registers a client that gets tokens with the secret that is shown once and kept nowhere', async () => {
  const context = await houseContext();
  const created = await createClient(context, {
    name: ' Acme ',
    permissions: ['users_read', 'accounts_read'],
    isClientModeAllowed: true,
  });
  await using served = await serveOauth(context);
  const answer = await tokenResponseFor(served, { client: { id: created.oauthClientId, secret: created.secret } });
  expect(answer.scope).toBe('users_read accounts_read');
  const [row] = await context.database.db.select().from(clients);
  expect(row).toMatchObject({ name: 'Acme', disabledAt: null });
  expect(JSON.stringify(row)).not.toContain(created.secret);
});

it('names what is wrong and registers nothing', async () => {
  const context = await houseContext();
  const permissions = JSON.parse('["users_read", "root"]');
  await expect(createClient(context, { name: ' ', permissions, isClientModeAllowed: false })).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    issues: [{ path: ['name'] }, { path: ['permissions'], message: expect.stringContaining('Unknown: root.') }],
  });
  expect(await context.database.db.select().from(clients)).toEqual([]);
});
