import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from 'graphql-ws';
import { expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import type { UserScope } from '../../src/domain/viewer.ts';
import { readLog } from '../../src/store/log-reader.ts';
import { append, makeClient, makeUser } from '../events/log-support.ts';
import { testDatabase } from '../support/database.ts';

const program = fileURLToPath(new URL('gateway-child.ts', import.meta.url));

interface GatewayProcess {
  readonly socketUrl: string;
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

async function startGateway(databaseUrl: string): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [program, databaseUrl], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      socketUrl: `${line.replace('http', 'ws')}/graphql`,
      async end(signal) {
        child.kill(signal);
        await ended;
      },
    };
  }
  throw new Error('The gateway ended before it was ready.');
}

const query = 'subscription ($after: Cursor) { events(after: $after) { cursor ... on Event { sequence } } }';

interface Next {
  readonly type: string;
  readonly payload: { readonly data: { readonly events: { readonly cursor: string; readonly sequence?: string } } };
}

/**
 * Follows the log over one socket until `isEnough` or the socket breaks; what was received is added to `seen`. False
 * when there was nobody to connect to.
 */
async function readOnce(url: string, token: string, seen: Next['payload'][], isEnough: (count: number) => boolean) {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  let count = 0;
  let isOpened = false;
  socket.on('open', () => {
    isOpened = true;
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  });
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Next;
    if (message.type === 'connection_ack') {
      const after = seen.at(-1)?.data.events.cursor ?? 'ZXZ0OjA6MA';
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { after } } }));
      if (isEnough(0)) socket.terminate();
    } else if (message.type === 'next' && !isEnough(count)) {
      // What comes after the cut is lost with the socket, as it would be.
      seen.push(message.payload);
      count += 1;
      if (isEnough(count)) socket.terminate();
    }
  });
  await closed;
  return isOpened;
}

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * sides);
  };
}

test('subscribers whose sockets are cut a thousand times, by gateways that are killed, end with exactly the log', async () => {
  const database = await testDatabase();
  const scope: UserScope = await makeUser(database, await makeClient(database));
  const token = `${scope.clientId}.${scope.userId}`;
  const gateways = await Promise.all([startGateway(database.url), startGateway(database.url)]);
  let cuts = 0;
  const subscribers = [1, 2, 3, 4].map(async (seed) => {
    const roll = dice(seed);
    const seen: Next['payload'][] = [];
    for (let cut = 0; cut < 250;) {
      const limit = roll(4);
      if (!(await readOnce(gateways[roll(2)]!.socketUrl, token, seen, (count) => count >= limit))) continue;
      cut += 1;
      cuts += 1;
    }
    return seen;
  });
  let isOver = false;
  const writing = (async () => {
    for (let mark = 0; !isOver; mark += 1) {
      await append(database, scope, String(mark));
      // Not faster than four subscribers read who are cut all the time.
      await setTimeout(2);
    }
  })();
  const killing = (async () => {
    for (const [index, at] of [150, 400, 650, 900].entries()) {
      await expect.poll(() => cuts, { timeout: 60_000, interval: 5 }).toBeGreaterThan(at);
      await gateways[index % 2]!.end('SIGKILL');
      gateways[index % 2] = await startGateway(database.url);
    }
  })();
  const all = await Promise.all(subscribers);
  isOver = true;
  await Promise.all([writing, killing]);
  const { events } = await readLog(database, scope, { after: null, limit: 100_000 });
  const wanted = events.map((event) => String(event.sequence));
  for (const seen of all) {
    await readOnce(gateways[0]!.socketUrl, token, seen, () => seen.length >= wanted.length);
    expect(seen.map((payload) => payload.data.events.sequence)).toEqual(wanted);
  }
}, 120_000);

test('a gateway that is told to stop sends its clients to the other one, and they miss nothing', async () => {
  const database = await testDatabase();
  const scope = await makeUser(database, await makeClient(database));
  const gateways = await Promise.all([startGateway(database.url), startGateway(database.url)]);
  const addresses = gateways.map(({ socketUrl }) => socketUrl);
  const closes: number[] = [];
  let cursor = 'ZXZ0OjA6MA';
  const client = createClient({
    // A load balancer: the first as long as it takes sockets, then the other.
    url: () => addresses[closes.length === 0 ? 0 : 1]!,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${scope.clientId}.${scope.userId}` },
    retryWait: () => Promise.resolve(),
    on: { closed: (event) => void closes.push((event as CloseEvent).code) },
  });
  onTestFinished(() => void client.dispose());
  const seen: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const until = (count: number) => new Promise<void>((resolve) => waiting.push({ count, resolve }));
  client.subscribe<Next['payload']['data']>(
    {
      query,
      get variables() {
        return { after: cursor };
      },
    },
    {
      next({ data }) {
        cursor = data!.events.cursor;
        seen.push(data!.events.sequence!);
        for (const each of waiting) if (seen.length >= each.count) each.resolve();
      },
      error: () => {},
      complete: () => {},
    },
  );
  const [two, six] = [until(2), until(6)];
  await append(database, scope, 'a', 'b');
  await two;
  await Promise.all([gateways[0]!.end('SIGTERM'), append(database, scope, 'c', 'd')]);
  await append(database, scope, 'e', 'f');
  await six;
  expect({ seen, closes }).toEqual({ seen: ['1', '2', '3', '4', '5', '6'], closes: [1012] });
});
