import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../../support/database.ts';
import { fillDataset } from '../dataset.ts';
import { checkEqual } from './contender.ts';
import { measureReads } from './reads.ts';

const size = { users: 3, accountsPerUser: 2, transactions: 900 };

/** Answers each path with its body. */
async function serve(bodies: ReadonlyMap<string, string>) {
  const server = createServer(({ url = '' }, response) => {
    const body = bodies.get(url);
    response.writeHead(body === undefined ? 404 : 200).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('both sides give equal answers to every question, and each is measured', async () => {
  const database = await testDatabase();
  const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-test-'));
  try {
    await fillDataset(database.url, size);
    const told: string[] = [];
    const { figures } = await measureReads({
      size,
      database: { url: database.url, directory },
      rounds: 1,
      secondsPerRound: 0.1,
      tell: (line) => told.push(line),
    });
    expect(told.map((line) => line.replace(/;.*/, ''))).toEqual([
      'nested: 3 answers are equal',
      'page: 6 answers are equal',
      'light: 3 answers are equal',
    ]);
    expect(figures.map(({ read, server }) => `${read} ${server}`)).toEqual([
      'nested bare',
      'nested gateway',
      'page bare',
      'page gateway',
      'light bare',
      'light gateway',
    ]);
    for (const { perSecond, kilobytes } of figures) {
      expect(perSecond).toBeGreaterThan(0);
      expect(kilobytes).toBeGreaterThan(0.1);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}, 120_000);

test('unequal answers stop a measurement, and differing cursors do not', async () => {
  const bodies = new Map([
    ['/bare', '{"data":{"name":"A","cursor":"one"}}'],
    ['/same', '{ "data": { "cursor": "two", "name": "A" } }'],
    ['/other', '{"data":{"name":"B","cursor":"one"}}'],
    ['/without', '{"data":{"name":"A"}}'],
  ]);
  await using server = await serve(bodies);
  const side = (path: string) => ({ url: server.url, request: { method: 'GET' as const, path } });
  expect(await checkEqual(side('/bare'), side('/same'))).toEqual({ bare: 36, gateway: 44 });
  await expect(checkEqual(side('/bare'), side('/other'))).rejects.toThrow('Unequal answers to /bare');
  await expect(checkEqual(side('/bare'), side('/without'))).rejects.toThrow('Unequal answers to /bare');
  await expect(checkEqual(side('/bare'), side('/none'))).rejects.toThrow('/none answered 404');
});
