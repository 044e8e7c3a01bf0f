import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Writable } from 'node:stream';
import type postgres from 'postgres';

/** Rows are handed to the socket in pieces of about this many characters. */
const pieceCharacters = 65_536;

/** A row by the names of its columns: values in PostgreSQL's own text, or null. All rows have the same keys in one order. */
type CopyRecord = Readonly<Record<string, string | null>>;

/** Rows in the form in which they are sent. */
export interface CopyPieces {
  readonly columns: readonly string[];
  readonly pieces: readonly Uint8Array[];
}

/**
 * The records that `toRecord` makes, as COPY reads them. After each piece, about a millisecond, whatever else waits has its
 * turn: PostgreSQL's answers to what is written meanwhile, and requests.
 */
export async function copyPieces<One>(all: readonly One[], toRecord: (one: One) => CopyRecord): Promise<CopyPieces> {
  let columns: string[] = [];
  const pieces: Uint8Array[] = [];
  let piece = '';
  for (const [index, one] of all.entries()) {
    const record = toRecord(one);
    if (index === 0) columns = Object.keys(record);
    piece += lineOf(record);
    if (piece.length < pieceCharacters && index < all.length - 1) continue;
    pieces.push(Buffer.from(piece));
    piece = '';
    await setImmediate();
  }
  return { columns, pieces };
}

/**
 * Writes rows by COPY, which is the fastest way in, in the caller's transaction. The table and the columns are ours, never
 * a user's. Throws when PostgreSQL refuses a row: with its reason while rows are still sent, and later (a foreign key is
 * looked at when all are there) with no more than that the transaction is aborted, which it is in both cases.
 */
export async function copyRows(
  client: postgres.TransactionSql,
  table: string,
  { columns, pieces }: CopyPieces,
): Promise<void> {
  const stream = await client.unsafe(`copy ${table} (${columns.join(', ')}) from stdin`).writable();
  const failure = new Promise<never>((_, reject) => {
    stream.once('error', reject);
  });
  failure.catch(() => {});
  for (const piece of pieces) await Promise.race([write(stream, piece), failure]);
  const finished = once(stream, 'finish');
  stream.end();
  await Promise.race([setImmediate(), failure]);
  // postgres.js never ends the stream when the refusal comes after the last row. A statement behind it always ends, and
  // fails in a transaction that is aborted.
  await Promise.race([finished, failure, client.unsafe('select 1')]);
}

async function write(stream: Writable, piece: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(piece, (error) => (error ? reject(error) : resolve()));
  });
}

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function lineOf(record: CopyRecord): string {
  return `${Object.values(record).map(textOf).join('\t')}\n`;
}

function textOf(value: string | null): string {
  if (value === null) return '\\N';
  return special.test(value) ? value.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] ?? character) : value;
}
