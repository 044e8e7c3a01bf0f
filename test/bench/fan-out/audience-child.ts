import WebSocket from 'ws';
import { monotonicMilliseconds, type AudienceOrder, type AudienceReport } from './audience-protocol.ts';

// The receiving end of a side, in a process of its own: two audiences of ten thousand sockets would not fit into the
// open files of one process, and neither shall collect the other's garbage.
const openAtOnce = 100;
let sample = '';
let received = 0;
let receivedAt: Float64Array | null = null;

function report(message: AudienceReport): void {
  process.send?.(message);
}

function onMessage(data: Buffer): void {
  if (sample === '') report({ kind: 'sample', text: (sample = data.toString()) });
  if (!receivedAt) return;
  receivedAt[received] = monotonicMilliseconds();
  received += 1;
  if (received < receivedAt.length) return;
  report({ kind: 'received', atMilliseconds: receivedAt });
  receivedAt = null;
}

async function openOne(url: string, greeting: readonly [string, string] | null): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false, skipUTF8Validation: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      if (!greeting) return resolve();
      const [init, subscribe] = greeting;
      socket.send(init);
      socket.once('message', () => {
        socket.send(subscribe);
        resolve();
      });
    });
  });
  socket.on('message', onMessage);
}

async function openAll({ url, sockets, greetings }: Extract<AudienceOrder, { kind: 'open' }>): Promise<void> {
  for (let first = 0; first < sockets; first += openAtOnce) {
    const length = Math.min(openAtOnce, sockets - first);
    const batch = Array.from({ length }, (_, index) => openOne(url, greetings?.[first + index] ?? null));
    await Promise.all(batch);
  }
  report({ kind: 'opened' });
}

process.on('message', (order: AudienceOrder) => {
  if (order.kind === 'open') void openAll(order);
  else {
    received = 0;
    receivedAt = new Float64Array(order.count);
    report({ kind: 'listening' });
  }
});
process.once('disconnect', () => process.exit(0));
