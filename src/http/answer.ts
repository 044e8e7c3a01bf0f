import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

/** Answers a GraphQL request with an error that arose before its operation was read (GraphQL over HTTP, section 6.4). */
export function answerGraphqlError(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  error: GraphQLError,
  headers: Readonly<Record<string, string>> = {},
): void {
  const { http: _, ...extensions } = error.extensions;
  const isNewType = request.headers.accept?.includes('application/graphql-response+json') ?? false;
  answerJson(
    response,
    status,
    { errors: [{ message: error.message, extensions }] },
    {
      ...(isNewType ? { 'content-type': 'application/graphql-response+json; charset=utf-8' } : {}),
      ...headers,
    },
  );
}

/** Refuses to change to WebSocket. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
