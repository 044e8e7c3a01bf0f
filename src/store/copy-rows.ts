import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import type postgres from 'postgres';

/** Text is handed to the socket in pieces of about this many characters. */
const pieceCharacters = 65_536;

/** A value of a column in PostgreSQL's own text, or null. */
export type CopyValue = string | null;

/**
 * Writes rows by COPY, which is the fastest way in, in the caller's transaction. `table` and `columns` are ours, never a
 * user's. Throws when PostgreSQL refuses a row: with its reason while rows are still sent, and later (a foreign key is
 * looked at when all are there) with no more than that the transaction is aborted, which it is in both cases.
 */
export async function copyRows(
  client: postgres.TransactionSql,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly CopyValue[]>,
): Promise<void> {
  const stream = await client.unsafe(`copy ${table} (${columns.join(', ')}) from stdin`).writable();
  const failure = new Promise<never>((_, reject) => {
    stream.once('error', reject);
  });
  failure.catch(() => {});
  for (const piece of piecesOf(rows)) await Promise.race([write(stream, piece), failure]);
  const finished = once(stream, 'finish');
  stream.end();
  await Promise.race([setImmediate(), failure]);
  // postgres.js never ends the stream when the refusal comes after the last row. A statement behind it always ends, and
  // fails in a transaction that is aborted.
  await Promise.race([finished, failure, client.unsafe('select 1')]);
}

async function write(stream: Writable, piece: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

function* piecesOf(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += `${row.map(textOf).join('\t')}\n`;
    if (piece.length < pieceCharacters) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function textOf(value: CopyValue): string {
  if (value === null) return '\\N';
  return special.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character) : value;
}
