import { expect, it } from 'vitest';
import { updateClient } from '../../src/actions/update-client.ts';
import { startConnection } from '../../src/actions/start-connection.ts';
import { permissions } from '../../src/domain/viewer.ts';
import { openGateway } from '../support/gateway.ts';
import { houseContext } from '../support/house-context.ts';
import { seedProvider, seedWorld } from '../support/fixtures.ts';

const providersQuery = '{ providers(first: 10) { nodes { __typename name } } }';

it('a client with a list of providers sees and links those alone; another sees all', async () => {
  const gateway = await openGateway();
  const { database } = gateway;
  const world = await seedWorld(database);
  const stranger = await seedWorld(database, { name: 'stranger' });
  const listed = await seedProvider(database, { slug: 'listed' });
  const context = await houseContext({ database, clock: gateway.clock });
  await updateClient(context, world.clientId, { providerSlugs: ['listed'] });
  const viewer = { kind: 'client', clientId: world.clientId, permissions: new Set(permissions) } as const;
  expect(await gateway.ask(gateway.issue(viewer), providersQuery)).toEqual({
    data: { providers: { nodes: [{ __typename: 'Provider', name: 'Bank listed' }] } },
  });
  const other = await gateway.ask(gateway.issue({ ...viewer, clientId: stranger.clientId }), providersQuery);
  expect(other).toMatchObject({ data: { providers: { nodes: { length: 3 } } } });

  const input = { channels: ['REDIRECT'], redirectUrl: null, psu: null } as const;
  await expect(
    startConnection(context, world.scope, { ...input, providerId: world.provider.id }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'No such provider.' });
  // Found: it fails later, for want of a connector here.
  await expect(startConnection(context, world.scope, { ...input, providerId: listed.id })).rejects.not.toMatchObject({
    code: 'NOT_FOUND',
  });
});

it('a client with a list of addresses has its users come back there alone, with any query', async () => {
  const context = await houseContext();
  const world = await seedWorld(context.database);
  await updateClient(context, world.clientId, { redirectUrls: ['https://acme.example/banks'] });
  const start = (redirectUrl: string) =>
    startConnection(context, world.scope, { providerId: world.provider.id, channels: null, redirectUrl, psu: null });
  const refused = { code: 'VALIDATION_FAILED', issues: [{ path: ['redirectUrl'] }] };
  for (const url of ['https://attacker.example/banks', 'https://acme.example/banks/x', 'http://acme.example/banks']) {
    // oxlint-disable-next-line no-await-in-loop -- each is refused for its own fault
    await expect(start(url)).rejects.toMatchObject(refused);
  }
  await expect(start('https://acme.example/banks?visit=1')).rejects.not.toMatchObject(refused);
});
