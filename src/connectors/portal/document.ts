import { load, type CheerioAPI } from 'cheerio/slim';
import { Failure } from '../../domain/failure.ts';

/** A page as a tree that can be searched. */
export type PageDocument = CheerioAPI;

// A statement of 500 rows has 300,000 characters and 7,000 tags. The parser takes time by the square of the depth, so
// that a page of two million characters could hold a process for minutes; 30,000 tags take half a second at the worst.
const pageCharactersMax = 2_000_000;
const tagsMax = 30_000;
const depthMax = 200;

/**
 * Parses a page of a bank; scripts and styles are left out. Throws BANK_ERROR for a page that is too large, or nested
 * too deeply to be searched.
 */
export function parsePage(html: string): PageDocument {
  if (html.length > pageCharactersMax || countTags(html) > tagsMax) throw tooLarge();
  const document = load(html);
  if (isDeeperThan(document, depthMax)) throw tooLarge();
  document('script, style, template').remove();
  return document;
}

function tooLarge(): Failure {
  return new Failure('BANK_ERROR', { message: 'The bank answered with a page that is too large.' });
}

function countTags(html: string): number {
  let count = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) count += 1;
  return count;
}

/** Level by level: a walk that calls itself would end at the limit of the stack. */
function isDeeperThan(document: PageDocument, levels: number): boolean {
  let level = document.root().contents().toArray();
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((node) => ('children' in node ? node.children : []));
  }
  return false;
}
