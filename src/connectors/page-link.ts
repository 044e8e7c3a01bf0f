import { Failure } from '../domain/failure.ts';

const hrefCharactersMax = 4000;
// N26 documents a next link without the equals sign: `dateTo2022-07-04`.
const missingEquals = /([?&](?:dateFrom|dateTo))(\d{4}-\d{2}-\d{2})/g;

/** The address of a resource below a bank's base address, which may carry a prefix of the bank's own. */
export function resourceUrl(baseUrl: string, path: string): URL {
  return new URL(`${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
}

/**
 * The address that a bank's link means. Links are absolute or relative, with or without the bank's prefix; a bare query
 * belongs to the page it stands on. Throws BANK_ERROR for a link to another origin: we carry the person's consent and
 * our certificate there, so a bank does not choose whom we call.
 */
export function followLink(baseUrl: string, pageUrl: URL, href: string): URL {
  const url = parseLink(baseUrl, pageUrl, href);
  const origin = new URL(baseUrl).origin;
  if (!url || url.origin !== origin || url.username !== '' || url.password !== '')
    throw new Failure('BANK_ERROR', { message: 'The bank answered with a link that does not lead to the bank.' });
  url.hash = '';
  return url;
}

/** The address for the person's browser: any web page, for many banks log their customers in on another host. */
export function browserLink(baseUrl: string, href: string): URL {
  const isAbsolute = /^[a-z][a-z0-9+.-]*:/i.test(href);
  const url = isAbsolute && URL.canParse(href) ? new URL(href) : parseLink(baseUrl, new URL(baseUrl), href);
  if (!url || !['https:', 'http:'].includes(url.protocol) || href.length > hrefCharactersMax)
    throw new Failure('BANK_ERROR', { message: 'The bank gave no usable address of its approval page.' });
  return url;
}

function parseLink(baseUrl: string, pageUrl: URL, href: string): URL | null {
  const link = href.trim().replace(missingEquals, '$1=$2');
  if (link === '' || link.length > hrefCharactersMax) return null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(link) || link.startsWith('//'))
    return URL.canParse(link, pageUrl) ? new URL(link, pageUrl) : null;
  if (link.startsWith('?')) return new URL(link, pageUrl);
  const base = new URL(baseUrl);
  const [path = '', ...rest] = link.split('?');
  const joined = joinOverlapping(segments(base.pathname), segments(path));
  const text = `/${joined.join('/')}${rest.length > 0 ? `?${rest.join('?')}` : ''}`;
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

/** `[berlin-group, v1]` and `[v1, accounts]` are `[berlin-group, v1, accounts]`: the longest overlap is written once. */
function joinOverlapping(base: readonly string[], path: readonly string[]): string[] {
  for (let start = 0; start <= base.length; start += 1) {
    const overlap = base.length - start;
    if (overlap <= path.length && base.slice(start).every((segment, index) => segment === path[index]))
      return [...base.slice(0, start), ...path];
  }
  return [...base, ...path];
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
