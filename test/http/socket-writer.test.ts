import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { SocketWriter } from '../../src/http/socket-writer.ts';

/** A writer, and what its peer has received. */
async function connected() {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const writer = new Promise<SocketWriter>((resolve) =>
    sockets.once('connection', (socket, request) => resolve(new SocketWriter(socket, request.socket))),
  );
  const { port } = server.address() as AddressInfo;
  const peer = new WebSocket(`ws://127.0.0.1:${port}`);
  onTestFinished(() => {
    peer.terminate();
    server.close();
  });
  const received: string[] = [];
  let wanted = 0;
  let whenReceived: (() => void) | undefined;
  peer.on('message', (data: Buffer) => {
    received.push(data.toString());
    if (received.length >= wanted) whenReceived?.();
  });
  return {
    writer: await writer,
    /** The next so many messages. */
    async next(count: number): Promise<string[]> {
      wanted = count;
      if (received.length < count) await new Promise<void>((resolve) => (whenReceived = resolve));
      return received.splice(0, count);
    },
  };
}

test('texts of one turn arrive as they were, each by itself, whatever characters and lengths they have', async () => {
  const peer = await connected();
  const length = fc.constantFrom(0, 1, 125, 126, 127, 128, 255, 256, 33_000, 65_535, 65_536, 70_000);
  const text = fc.tuple(length, fc.constantFrom('a', '\u007f', '\u0080', 'é', '€', '😀')).map(([count, last]) => {
    return count === 0 ? '' : 'x'.repeat(count - 1) + last;
  });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), async (texts) => {
      for (const each of texts) peer.writer.write(each);
      expect(await peer.next(texts.length)).toEqual(texts);
    }),
    { numRuns: 60 },
  );
});
