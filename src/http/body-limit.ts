import type { IncomingMessage } from 'node:http';

/** A body that is longer than allowed. */
export class BodyTooLarge extends Error {
  readonly bodyBytesMax: number;

  constructor(bodyBytesMax: number) {
    super(`The body of a request may have at most ${bodyBytesMax} bytes.`);
    this.name = 'BodyTooLarge';
    this.bodyBytesMax = bodyBytesMax;
  }
}

/** Reads a body whole; throws `BodyTooLarge`. */
export async function readBody(request: IncomingMessage, bodyBytesMax: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new BodyTooLarge(bodyBytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Keeps a request's body within `bodyBytesMax`; throws `BodyTooLarge`. A declared length is judged by itself, as Node's
 * parser holds the sender to it; a body without one is read here and put where Yoga looks for it.
 */
export async function limitBody(request: IncomingMessage & { body?: Uint8Array }, bodyBytesMax: number): Promise<void> {
  const declared = request.headers['content-length'];
  if (declared !== undefined && Number(declared) > bodyBytesMax) throw new BodyTooLarge(bodyBytesMax);
  if (request.headers['transfer-encoding'] === undefined) return;
  request.body = await readBody(request, bodyBytesMax);
}
