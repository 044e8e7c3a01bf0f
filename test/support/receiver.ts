import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a receiver was sent. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body, read. */
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly occurredAt: string;
    readonly sequence: string;
    readonly cursor: string;
    readonly userId: string | null;
    readonly data: Record<string, unknown>;
    readonly previousEventId: string | null;
  };
}

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A receiver of webhooks on a port of its own. */
export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** How it answers; 200 unless told. Not answering at all is a promise that does not settle. */
  answer: (received: Received) => Answer | Promise<Answer>;
}

export async function openReceiver(make: (handle: Parameters<typeof createServer>[1]) => Server = createServer) {
  const received: Received[] = [];
  const receiver = { received, answer: (): Answer => ({ status: 200 }) } as unknown as {
    -readonly [Key in keyof Receiver]: Receiver[Key];
  };
  const server = make((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const one: Received = { headers: request.headers, body, event: JSON.parse(body) as Received['event'] };
      received.push(one);
      void Promise.resolve(receiver.answer(one)).then((answer) => {
        response.writeHead(answer.status, answer.headers);
        response.end(answer.body);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.port = (server.address() as AddressInfo).port;
  receiver.url = `http://127.0.0.1:${receiver.port}/hook`;
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return receiver as Receiver;
}
