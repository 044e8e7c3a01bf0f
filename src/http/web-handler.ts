import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body-limit.ts';

/** A door that speaks the Fetch standard, with small bodies. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/** Lets such a door answer a request of node:http; `origin` is what its URLs begin with. Throws `BodyTooLarge`. */
export async function answerByWeb(
  handler: WebHandler,
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
  bodyBytesMax: number,
): Promise<void> {
  const answer = await handler(await toRequest(request, origin, bodyBytesMax));
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
