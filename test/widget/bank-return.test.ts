import { describe, expect, it } from 'vitest';
import { startConnection } from '../../src/actions/start-connection.ts';
import { Failure } from '../../src/domain/failure.ts';
import { bankReturn } from '../../src/widget/server/bank-return.ts';
import { consents } from '../../src/store/schema/tables.ts';
import { bankWorld, type BankWorld } from '../support/linked-bank.ts';

/** Starts to link, and gives the address to which the bank sends the browser. */
async function started(world: BankWorld, redirectUrl: string | null) {
  let returnUrl = '';
  const connector = world.context.connectors.get('fake')!;
  const spying = {
    ...connector,
    startAuthorization: (...[call, request]: Parameters<typeof connector.startAuthorization>) => {
      returnUrl = `${request.returnUrl}?state=${request.state}`;
      return connector.startAuthorization(call, request);
    },
  };
  const context = { ...world.context, connectors: new Map([['fake', spying]]) };
  const input = { providerId: world.provider.id, channels: null, redirectUrl, psu: null };
  const { connectionId } = await startConnection(context, world.scope, input);
  return { connectionId, returnUrl };
}

const get = (world: BankWorld, url: string, language = 'en') =>
  bankReturn(world.context, new Request(url, { headers: { 'accept-language': language } }), '192.0.2.1');

describe('a browser that comes back from the bank', () => {
  it.each([
    ['ACTIVE', 'success'],
    ['PENDING', 'pending'],
    ['REJECTED', 'rejected'],
  ] as const)('goes on to the client when the consent is %s, with its own query kept', async (status, told) => {
    const world = await bankWorld();
    const { connectionId, returnUrl } = await started(world, 'https://client.example/done?flow=1#end');
    if (status !== 'ACTIVE') world.bank.consent = { status };
    const response = await get(world, returnUrl);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(
      `https://client.example/done?flow=1&connection_id=${connectionId}&status=${told}#end`,
    );
  });

  it('sees a page of ours where the client gave no address, in the language it prefers', async () => {
    const world = await bankWorld();
    const { returnUrl } = await started(world, null);
    const response = await get(world, returnUrl, 'de,fr-FR;q=0.8,en;q=0.5');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).toContain('<html lang="fr">');
    expect(html).toContain('Votre banque est connectée');
  });

  it('finds a way out where the state is unknown, malformed or used, and none of the query on the page', async () => {
    const world = await bankWorld();
    const { returnUrl } = await started(world, null);
    await get(world, returnUrl);
    const forged = `http://gateway.example/widget/return?state=<script>alert(1)</script>`;
    for (const url of [returnUrl, forged, 'http://gateway.example/widget/return']) {
      const response = await get(world, url);
      expect(response.status).toBe(404);
      const html = await response.text();
      expect(html).toContain('Go back to your application');
      expect(html).not.toContain('script');
    }
  });

  it('may reload when the bank does not answer, and nothing is lost', async () => {
    const world = await bankWorld();
    const { returnUrl } = await started(world, null);
    world.bank.before = () => {
      throw new Failure('BANK_UNAVAILABLE');
    };
    expect((await get(world, returnUrl)).status).toBe(503);
    world.bank.before = () => {};
    expect((await get(world, returnUrl)).status).toBe(200);
  });

  it('waits, by a page that loads itself, while another browser with the same return is at the bank', async () => {
    const world = await bankWorld();
    const { returnUrl } = await started(world, 'https://client.example/done');
    const reached = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    world.bank.before = async () => {
      reached.resolve();
      await held.promise;
    };
    const first = get(world, returnUrl);
    await reached.promise;
    const second = await get(world, returnUrl);
    expect(second.status).toBe(409);
    expect(second.headers.get('refresh')).toBe('5');
    expect(await second.text()).toContain('goes on by itself');
    held.resolve();
    expect((await first).headers.get('location')).toContain('status=success');
  });

  it('goes back to the bank first where the bank wants to see the person once more', async () => {
    const world = await bankWorld();
    const { connectionId, returnUrl } = await started(world, 'https://client.example/done');
    const granted = world.bank.consent;
    const continued = {
      redirectUrl: 'https://bank.example/second?x=1',
      bankConsentId: 'bank-2',
      session: { consentId: 'bank-consent', token: 'second' },
      expiresAt: new Date('2026-03-02T13:00:00Z'),
    };
    world.bank.consent = { status: 'PENDING', continued };
    expect((await get(world, returnUrl)).headers.get('location')).toBe(continued.redirectUrl);
    const [row] = await world.database.db.select().from(consents);
    expect(row).toMatchObject({
      status: 'PENDING',
      bankConsentId: 'bank-2',
      authorizationExpiresAt: continued.expiresAt,
    });
    expect(new TextDecoder().decode(row!.sealedSession!)).toContain('second');

    world.bank.consent = { status: 'PENDING' };
    const target = `https://client.example/done?connection_id=${connectionId}`;
    expect((await get(world, returnUrl)).headers.get('location')).toBe(`${target}&status=pending`);
    world.bank.consent = granted;
    expect((await get(world, returnUrl)).headers.get('location')).toBe(`${target}&status=success`);
  });

  it('waits for the app where the second step is there, by a page that loads itself, then goes to the client', async () => {
    const world = await bankWorld();
    const { connectionId, returnUrl } = await started(world, 'https://client.example/done');
    const granted = world.bank.consent;
    const session = { consentId: 'bank-consent' };
    const continued = { redirectUrl: null, bankConsentId: 'b', session, expiresAt: new Date('2026-03-02T13:00:00Z') };
    for (const consent of [{ status: 'PENDING', continued }, { status: 'PENDING' }] as const) {
      world.bank.consent = consent;
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const response = await get(world, returnUrl);
      expect([response.status, response.headers.get('refresh'), response.headers.get('location')]).toEqual([
        200,
        '5',
        null,
      ]);
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await response.text()).toContain('Confirm in the app of your bank');
    }
    world.bank.consent = granted;
    expect((await get(world, returnUrl)).headers.get('location')).toBe(
      `https://client.example/done?connection_id=${connectionId}&status=success`,
    );
  });

  it('that comes while the consent is decided elsewhere changes nothing', async () => {
    const world = await bankWorld();
    const { returnUrl } = await started(world, null);
    const session = { consentId: 'bank-consent' };
    const continued = { redirectUrl: null, bankConsentId: 'b', session, expiresAt: new Date('2026-03-02T13:00:00Z') };
    world.bank.consent = { status: 'PENDING', continued };
    world.bank.before = async () => {
      await world.database.db.update(consents).set({ status: 'REJECTED' });
    };
    expect((await get(world, returnUrl)).status).toBe(404);
    expect(await world.database.db.select().from(consents)).toMatchObject([
      { status: 'REJECTED', bankConsentId: 'bank-consent' },
    ]);
  });
});
