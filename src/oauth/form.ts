import type { IncomingMessage } from 'node:http';

/** The longest form that a request may have; the longest honest one is a token to introspect. */
export const formBytesMax = 16_384;

/** The fields of a form whose length was told and is within the limit. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
