import { expect, test } from 'vitest';
import { get, openHttp, openServer } from './fake-server.ts';

async function read(type: string | null, bytes: Buffer): Promise<string> {
  const { origin } = await openServer((_, response) => {
    response.writeHead(200, type === null ? {} : { 'content-type': type }).end(bytes);
  });
  return (await openHttp().send(get(origin))).body;
}

const text = 'Prélèvement à Évry';
const latin = Buffer.from(text, 'latin1');
const xml = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><a>${text}</a>`;

test.each([
  ['text/plain; charset=ISO-8859-1', latin, text],
  ['text/plain;charset="windows-1252"', Buffer.from([0x80]), '€'],
  ['application/xml', Buffer.from(xml('ISO-8859-15'), 'latin1'), xml('ISO-8859-15')],
  ['application/xml; charset=utf-8', Buffer.from(xml('ISO-8859-1')), xml('ISO-8859-1')],
  ['application/json; charset=utf8', Buffer.from(text), text],
  ['text/plain; charset=klingon', Buffer.from(text), text],
  ['text/plain; charset=', Buffer.from(text), text],
  [null, Buffer.from(text), text],
  ['application/json', Buffer.from(`\uFEFF{}`), '{}'],
  ['text/plain', Buffer.from([0x61, 0xff]), 'a\uFFFD'],
])('an answer of the type %s is read in the charset that it names', async (type, bytes, expected) => {
  expect(await read(type, bytes)).toBe(expected);
});
