import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body-limit.ts';
import { remoteAddress } from './request-facts.ts';

/** A door that speaks the Fetch standard, with small bodies; `ipAddress` is the browser's. */
export type WebHandler = (request: Request, ipAddress: string) => Response | Promise<Response>;

interface WebOptions {
  /** What the URLs of requests begin with. */
  readonly origin: string;
  readonly bodyBytesMax: number;
  readonly trustedProxyCount: number;
}

/** Lets such a door answer a request of node:http. Throws `BodyTooLarge`. */
export async function answerByWeb(
  handler: WebHandler,
  request: IncomingMessage,
  response: ServerResponse,
  { origin, bodyBytesMax, trustedProxyCount }: WebOptions,
): Promise<void> {
  const ipAddress = remoteAddress(request, trustedProxyCount) ?? '';
  const answer = await handler(await toRequest(request, origin, bodyBytesMax), ipAddress);
  const body = Buffer.from(await answer.arrayBuffer());
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.writeHead(answer.status);
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function toRequest(request: IncomingMessage, origin: string, bodyBytesMax: number): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const single of Array.isArray(value) ? value : [value]) if (single !== undefined) headers.append(name, single);
  }
  const method = request.method ?? 'GET';
  const isBodyless = method === 'GET' || method === 'HEAD';
  const body = isBodyless ? null : await readBody(request, bodyBytesMax);
  return new Request(new URL(request.url ?? '/', origin), { method, headers, body });
}
