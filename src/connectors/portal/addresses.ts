import { Failure } from '../../domain/failure.ts';
import { resourceUrl } from '../page-link.ts';
import { layoutNames, layouts, pageKinds, type LayoutName, type PageKind } from './layouts.ts';

const hrefCharactersMax = 4000;

/** The address of a page of the site; `accountId` where it is that of an account. */
export function addressOf(baseUrl: string, layout: LayoutName, kind: PageKind, accountId = ''): URL {
  const segments = layouts[layout].paths[kind].map((segment) =>
    segment === ':id' ? encodeURIComponent(accountId) : segment,
  );
  return resourceUrl(baseUrl, segments.join('/'));
}

/**
 * The address that a link, a form or a redirect on a page means. Throws BANK_ERROR for another origin: our cookies and
 * the person's password go there, so a page does not choose to whom.
 */
export function bankAddress(baseUrl: string, pageUrl: URL, href: string): URL {
  const url = href.length <= hrefCharactersMax && URL.canParse(href, pageUrl) ? new URL(href, pageUrl) : null;
  if (!url || url.origin !== new URL(baseUrl).origin || url.username !== '' || url.password !== '')
    throw new Failure('BANK_ERROR', { message: 'A page of the bank leads elsewhere than to the bank.' });
  url.hash = '';
  return url;
}

/** What stands at an address of the site: the page's kind and layout, and the account's id; null for any other address. */
export function placeAt(
  baseUrl: string,
  url: URL,
): { readonly kind: PageKind; readonly layout: LayoutName; readonly accountId: string } | null {
  const path = segmentsBelow(baseUrl, url);
  if (!path) return null;
  for (const layout of layoutNames) {
    for (const kind of pageKinds) {
      const pattern = layouts[layout].paths[kind];
      if (pattern.length !== path.length) continue;
      if (!pattern.every((segment, index) => segment === ':id' || segment === path[index])) continue;
      return { kind, layout, accountId: path[pattern.indexOf(':id')] ?? '' };
    }
  }
  return null;
}

/** The decoded segments below the site's address, or null for an address that is not there. */
function segmentsBelow(baseUrl: string, url: URL): string[] | null {
  const base = resourceUrl(baseUrl, '');
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return null;
  try {
    return url.pathname.slice(base.pathname.length).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}
