import type { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { BankCall } from '../connector.ts';
import { followLink } from '../page-link.ts';
import { readAnswer, type StetAnswer } from './client.ts';
import type { WirePage } from './wire.ts';

const pagesMax = 20_000;
const emptyPagesInARowMax = 50;

/** A cursor whose name and value have grown together: `?indexAbC` for `?index=AbC`. */
const missingEquals = /([?&]index)(?=[^=&]+(?:&|$))/;

/**
 * What the pages list, from the first answer on along `_links.next` (HAL); no answer (204) is an empty page. Throws a
 * refusal of the bank, and BANK_ERROR for pages without end.
 */
export async function* readPages(
  call: BankCall,
  first: StetAnswer,
  ask: (target: URL) => Promise<StetAnswer>,
  schema: z.ZodType<WirePage>,
): AsyncGenerator<readonly unknown[]> {
  let answer = first;
  const seen = new Set([answer.url.href]);
  for (let emptyPages = 0; ;) {
    const page = readAnswer(answer, schema);
    if (page === null) return;
    yield page.items;
    if (page.next === undefined) return;
    const href = page.next.slice(0, 5000).replace(missingEquals, '$1=');
    const next = followLink(call.endpoint.baseUrl, answer.url, href);
    // A link that was followed before leads to what was read before: the bank has no more.
    if (seen.has(next.href)) return;
    seen.add(next.href);
    emptyPages = page.items.length === 0 ? emptyPages + 1 : 0;
    if (seen.size > pagesMax || emptyPages > emptyPagesInARowMax)
      throw new Failure('BANK_ERROR', { message: 'The bank gives pages without end.' });
    answer = await ask(next);
  }
}
