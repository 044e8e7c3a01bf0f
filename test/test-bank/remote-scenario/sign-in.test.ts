import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScenarioHosts } from '../../../src/test-bank/remote-scenario/address-rules.ts';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { customerOf, portalFile, portalScenario, problemOf, type Customer } from '../portal/customer.ts';
import { noon, openBankAt } from '../support.ts';

let bank: TestBank | null = null;
let files: Server | null = null;
afterEach(async () => {
  await bank?.close();
  files?.closeAllConnections();
  files?.close();
});

/** A web server of the person's own; gives its address. */
async function serve(answer: RequestListener): Promise<string> {
  files = createServer(answer).listen(0, '127.0.0.1');
  await once(files, 'listening');
  return `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
}

async function open(scenarioHosts?: ScenarioHosts): Promise<Customer> {
  bank = await openBankAt(noon, { scenario: portalScenario(), ...(scenarioHosts ? { scenarioHosts } : {}) });
  return customerOf(bank);
}

async function signInWith(customer: Customer, scenario: string, login = 'alice', password = 'secret12') {
  await customer.get('/portal');
  return customer.post({ login, password, scenario });
}

const ownFile = JSON.stringify({
  ...portalFile(),
  bank: { name: 'Ma banque' },
  people: [{ id: 'me', name: 'Moi', login: 'me', password: 'mine' }],
  accounts: [{ id: 'own', owners: ['me'], type: 'checking', name: 'Mon compte', openingBalance: '7.00' }],
});

describe('a scenario named on the log-in form', () => {
  it('is what the session runs on, and nobody else', async () => {
    const address = await serve((_, response) => response.end(ownFile));
    const customer = await open('public-and-loopback');
    const page = await signInWith(customer, `${address}/own.json`, 'me', 'mine');
    expect(page.address).toBe('/portal/comptes');
    expect(page.html).toContain('Ma banque');
    expect(page.html).toContain('Mon compte');
    if (!bank) throw new Error('no bank');
    expect(problemOf(await signInWith(customerOf(bank), '', 'me', 'mine'))).toBe('refused');
  });

  it('is forgotten by a reset, with every signed-in browser and open challenge', async () => {
    const file = { ...JSON.parse(ownFile), people: [{ ...JSON.parse(ownFile).people[0], challenge: { kind: 'otp' } }] };
    const address = await serve((_, response) => response.end(JSON.stringify(file)));
    const customer = await open('public-and-loopback');
    expect((await signInWith(customer, address, 'me', 'mine')).address).toBe('/portal/securite/code');
    if (!bank) throw new Error('no bank');
    const phone = async () => (await customerOf(bank!).get('/phone?login=me')).html;
    expect(await phone()).toContain('id="code"');
    const [alice] = bank.bank.scenario().people;
    const { id } = bank.bank.challenges.start(alice!, 'sign-in', 'otp');
    bank.bank.reset();
    expect(bank.bank.challenges.status(id)).toBe('gone');
    expect(await phone()).not.toContain('id="code"');
    expect((await customer.get('/portal/securite/code')).address).toMatch(/^\/portal\/connexion/);
  });

  it('moves with the clock of the bank', async () => {
    const data = portalFile({ portal: { sessionSeconds: 86_400 } });
    const address = await serve((_, response) => response.end(JSON.stringify(data)));
    const customer = await open('public-and-loopback');
    await signInWith(customer, address);
    expect((await customer.get('/portal/comptes/current')).html).toContain('a-venir');
    bank?.bank.clock.advance(3 * 86_400_000);
    const page = await signInWith(customer, address);
    expect(page.address).toBe('/portal/comptes');
    expect((await customer.get('/portal/comptes/current')).html).not.toContain('a-venir');
  });

  it('has a layout of its own once signed in', async () => {
    const data = portalFile({ portal: { layout: 'v2' } });
    const address = await serve((_, response) => response.end(JSON.stringify(data)));
    const page = await signInWith(await open('public-and-loopback'), address);
    expect(page.address).toBe('/portal/espace/overview');
  });

  it.each([
    'http://127.0.0.1:9/x',
    'http://localhost:4999/x',
    'http://10.0.0.1/x',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]:9/x',
    'http://[::ffff:10.0.0.1]/x',
    'http://0x7f.1:9/x',
    'http://2130706433:9/x',
  ])('is not fetched from %s by default', async (address) => {
    const page = await signInWith(await open(), address);
    expect([page.status, problemOf(page)]).toEqual([400, 'address-forbidden']);
  });

  it('is not asked for at an address that is not allowed: nothing arrives there', async () => {
    let calls = 0;
    const address = await serve((_, response) => {
      calls += 1;
      response.end(ownFile);
    });
    const customer = await open();
    await signInWith(customer, address.replace('127.0.0.1', 'localhost'));
    await signInWith(customer, address);
    expect(calls).toBe(0);
    expect((await customer.get('/portal/comptes')).address).toBe('/portal/connexion?reason=sign-in');
  });

  it.each(['file:///etc/passwd', 'ftp://example.org/x', 'http://user:secret@example.org/x', 'nothing'])(
    'must be at an http or https address without a password: %s',
    async (address) => {
      expect(problemOf(await signInWith(await open('any'), address))).toBe('address-invalid');
    },
  );

  it('does not follow a redirect to an address that is not allowed', async () => {
    const address = await serve((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/x' }).end());
    expect(problemOf(await signInWith(await open('public-and-loopback'), address))).toBe('address-forbidden');
  });

  it('follows a few redirects and no more', async () => {
    const address = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left > 0) response.writeHead(302, { location: `/${left - 1}` }).end();
      else response.end(ownFile);
    });
    const customer = await open('public-and-loopback');
    expect((await signInWith(customer, `${address}/3`, 'me', 'mine')).address).toBe('/portal/comptes');
    expect(problemOf(await signInWith(customer, `${address}/4`, 'me', 'mine'))).toBe('too-many-redirects');
  });

  it('may have one mebibyte, and no more is read of a larger one', async () => {
    let sent = 0;
    const address = await serve((_, response) => {
      const chunk = Buffer.alloc(65_536, ' ');
      const more = () => {
        while (sent < 100 * chunk.length && !response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return response.once('drain', more);
        }
        return response.end();
      };
      more();
    });
    expect(problemOf(await signInWith(await open('public-and-loopback'), address))).toBe('too-large');
    expect(sent).toBeLessThan(100 * 65_536);
  });

  it('that is not there, or nobody answers, is told', async () => {
    const address = await serve((_, response) => response.writeHead(404).end());
    const customer = await open('public-and-loopback');
    expect(problemOf(await signInWith(customer, address))).toBe('not-found');
    files?.close();
    expect(problemOf(await signInWith(customer, 'http://127.0.0.1:1/x'))).toBe('unreachable');
  });

  it('that is wrong is told with every place, what is wrong and the remedy', async () => {
    const text = 'seed: x\nepoch: 2026-02-30\nbank: { name: B, portal: { layout: v3 } }\npeople: []\n';
    const address = await serve((_, response) => response.end(text));
    const page = await signInWith(await open('public-and-loopback'), address);
    expect([page.status, problemOf(page)]).toEqual([400, 'file-invalid']);
    const told = [...page.html.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, item = '']) =>
      item
        .replace(/<[^>]*>/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
    expect(told).toMatchInlineSnapshot(`
      [
        "Ligne 2, colonne 8 : epoch This value has not the right form. Write a day that exists, written YYYY-MM-DD.",
        "Ligne 3, colonne 36 : bank.portal.layout This value is not allowed here. Use one of: v1, v2.",
        "Ligne 4, colonne 9 : people Too small: expected array to have &gt;=1 items The least is 1.",
      ]
    `);
    expect(page.html).toContain(`value="${address}"`);
  });

  it('that would make too many transactions is refused before it is worked out', async () => {
    const rule = { every: { days: 1 }, times: 20, kind: 'card', amount: '-1.00', text: 'CB' };
    const data = JSON.stringify({ ...portalFile({ transactions: [rule] }), epoch: '2010-01-01' });
    const address = await serve((_, response) => response.end(data));
    expect(problemOf(await signInWith(await open('public-and-loopback'), address))).toBe('too-many-movements');
  });

  it('keeps what the person did, while the file is the same', async () => {
    const data = portalFile({ person: { portal: { interstitials: ['terms'] } } });
    const address = await serve((_, response) => response.end(JSON.stringify(data)));
    const customer = await open('public-and-loopback');
    expect((await signInWith(customer, address)).address).toBe('/portal/conditions');
    await customer.post({ confirm: 'yes' });
    expect((await signInWith(customer, address)).address).toBe('/portal/comptes');
  });

  it('shows what it sends on the phone of its person', async () => {
    const data = portalFile({ person: { challenge: { kind: 'otp', answer: '424242' } } });
    const address = await serve((_, response) => response.end(JSON.stringify(data)));
    const customer = await open('public-and-loopback');
    await signInWith(customer, address);
    expect((await customer.get('/phone?login=alice')).html).toContain('424242');
  });
});
