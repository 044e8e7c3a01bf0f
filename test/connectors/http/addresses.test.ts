import { describe, expect, test } from 'vitest';
import { networksOf } from '../../../src/connectors/bank-addresses.ts';
import type { BankEndpoint } from '../../../src/connectors/connector.ts';
import { get, openHttp, openServer } from './fake-server.ts';

const endpointAt = (baseUrl: string): BankEndpoint => ({ baseUrl, timeZone: 'Europe/Paris', quirks: {} });
const refused = { code: 'BANK_ERROR', message: expect.stringContaining('outside of the internet') };

describe('what an entry of the list of providers allows', () => {
  test.each([
    ['https://api.bank.example/v1', 'internet'],
    ['https://93.184.216.34/v1', 'internet'],
    ['https://[2606:2800:220:1::1]/v1', 'internet'],
    ['http://localhost:4001', 'internet-and-loopback'],
    ['http://127.0.0.1:4001', 'internet-and-loopback'],
    ['http://127.1.2.3', 'internet-and-loopback'],
    ['http://[::1]:4001', 'internet-and-loopback'],
    ['http://test-bank:4001', 'any'],
    ['https://bank.internal', 'any'],
    ['http://10.0.0.7', 'any'],
    ['http://169.254.169.254', 'any'],
    ['http://[fd00::1]', 'any'],
    ['http://[::ffff:127.0.0.1]', 'any'],
  ])('%s: %s', (url, networks) => {
    expect(networksOf(url)).toBe(networks);
  });
});

test('a bank of the internet does not lead us to this machine, by a link or by its name servers', async () => {
  const { origin, port, received } = await openServer((_, response) => response.end('metadata'));
  const endpoint = endpointAt('https://api.bank.example/v1');
  const http = openHttp({ retriesMax: 0, resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
  await expect(http.send({ ...get(origin), endpoint })).rejects.toMatchObject(refused);
  await expect(http.send({ ...get(`http://api.bank.example:${port}`), endpoint })).rejects.toMatchObject(refused);
  expect(received).toEqual([]);
});

test.each(['http://10.0.0.7', 'http://169.254.169.254', 'http://[fd00::1]', 'http://[::ffff:a00:7]', 'http://[::1]'])(
  'nor to %s',
  async (address) => {
    const endpoint = endpointAt('https://api.bank.example/v1');
    await expect(openHttp().send({ ...get(address), endpoint })).rejects.toMatchObject(refused);
  },
);

test('one private address among the good ones refuses the name', async () => {
  const addresses = [
    { address: '93.184.216.34', family: 4 },
    { address: '10.0.0.7', family: 4 },
  ];
  const http = openHttp({ retriesMax: 0, resolve: async () => addresses });
  await expect(http.send(get('http://api.bank.example'))).rejects.toMatchObject(refused);
});

test('an entry that names this machine may lead to this machine, and not into our network', async () => {
  const { origin } = await openServer((_, response) => response.end('ok'));
  const endpoint = endpointAt('http://localhost:4001/berlin-group/v1');
  const http = openHttp({ retriesMax: 0 });
  expect((await http.send({ ...get(origin), endpoint })).body).toBe('ok');
  await expect(http.send({ ...get('http://10.0.0.7'), endpoint })).rejects.toMatchObject(refused);
});
