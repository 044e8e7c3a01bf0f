import { stripVTControlCharacters } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test, vi } from 'vitest';
import { forwardEvents } from '../../src/cli/listen.ts';
import { permissions } from '../../src/domain/viewer.ts';
import { append, makeClient, makeUser } from '../events/log-support.ts';
import { marksOf } from '../events/webhook-support.ts';
import { openGateway } from '../support/gateway.ts';
import { openReceiver } from '../support/receiver.ts';

/** The command against a real gateway, in whose log somebody writes. */
async function listening(options: { types?: string; forwardTo?: string } = {}) {
  const issued: string[] = [];
  const gateway = await openGateway({
    authorizationServer(_request, response) {
      const access = gateway.issue({ kind: 'client', clientId, permissions: new Set(permissions) });
      issued.push(access);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: access }));
    },
  });
  const clientId = await makeClient(gateway.database);
  const user = await makeUser(gateway.database, clientId);
  const receiver = await openReceiver();
  const lines: string[] = [];
  const ending = new AbortController();
  const done = forwardEvents(
    { forwardTo: receiver.url, clientId: 'x', clientSecret: 'y', url: gateway.url, ...options },
    { write: (line) => lines.push(stripVTControlCharacters(line)), signal: ending.signal, retryMilliseconds: 1 },
  );
  onTestFinished(async () => {
    ending.abort();
    await done.catch(() => {});
  });
  return { gateway, user, receiver, lines, done, ending, issued };
}

const connected = ({ gateway }: Awaited<ReturnType<typeof listening>>, sockets = 1) =>
  vi.waitFor(() => expect(gateway.contexts.length).toBeGreaterThan(sockets), 10_000);

test('brings events to the address in order, signed with the secret that it has shown, and tells how each went', async () => {
  const house = await listening();
  await connected(house);
  house.receiver.answer = ({ event }) => ({ status: event.data['changed']?.toString() === 'b' ? 500 : 200 });
  await append(house.gateway.database, house.user, 'a', 'b', 'c');
  await vi.waitFor(() => expect(house.lines.length).toBe(6), 10_000);
  expect(marksOf(house.receiver)).toEqual(['a', 'b', 'c']);
  const secret = /whsec_\S+/.exec(house.lines[0]!)![0];
  for (const { body, headers } of house.receiver.received) {
    new Webhook(secret).verify(body, headers as Record<string, string>);
  }
  const [a, b, c] = house.receiver.received.map(({ event }) => event);
  expect([a!.previousEventId, b!.previousEventId, c!.previousEventId]).toEqual([null, a!.id, b!.id]);
  expect(house.lines.slice(3).map((line) => /^\S+ {2}(\S+) {2}\d+ ms {2}(.*)$/.exec(line)?.slice(1))).toEqual([
    ['200', `account.updated  ${a!.id}`],
    ['500', `account.updated  ${b!.id}`],
    ['200', `account.updated  ${c!.id}`],
  ]);
  house.ending.abort();
  await house.done;
});

test('goes on behind the last event after its token has expired and the socket was closed', async () => {
  const house = await listening();
  await connected(house);
  await append(house.gateway.database, house.user, 'a');
  await vi.waitFor(() => expect(marksOf(house.receiver)).toEqual(['a']), 10_000);
  house.gateway.clock.advance(3_600_001);
  await append(house.gateway.database, house.user, 'b');
  await vi.waitFor(() => expect(marksOf(house.receiver)).toContain('b'), 10_000);
  await append(house.gateway.database, house.user, 'c');
  await vi.waitFor(() => expect(marksOf(house.receiver)).toEqual(['a', 'b', 'c']), 10_000);
  expect(new Set(house.issued).size).toBeGreaterThan(2);
  expect(house.lines.join('\n')).toContain('connecting again');
});

test('brings only the types that were asked for, and refuses one that there is not', async () => {
  const house = await listening({ types: 'sync.failed,account.updated' });
  await connected(house);
  await append(house.gateway.database, house.user, 'a');
  await vi.waitFor(() => expect(marksOf(house.receiver)).toEqual(['a']), 10_000);
  const wrong = await listening({ types: 'sync.fail' });
  await expect(wrong.done).rejects.toThrow('No such event: sync.fail.');
});

test('tells when nothing listens at the address, and goes on', async () => {
  const house = await listening({ forwardTo: 'http://127.0.0.1:1/hook' });
  await connected(house);
  await append(house.gateway.database, house.user, 'a', 'b');
  await vi.waitFor(
    () => expect(house.lines.filter((line) => line.includes('account.updated'))).toHaveLength(2),
    10_000,
  );
});
