import { Failure } from '../../domain/failure.ts';
import type { BankHttp, BankHttpAnswer } from '../bank-http.ts';
import type { BankCall } from '../connector.ts';
import { bankAddress } from './addresses.ts';
import { openCookies } from './cookies.ts';
import { parsePage, type PageDocument } from './document.ts';
import type { PageForm } from './form.ts';
import { portalQuirks } from './quirks.ts';

/** A page as it was shown in the end, whatever its status. */
export interface PortalPage {
  readonly url: URL;
  readonly answer: BankHttpAnswer;
  readonly document: PageDocument;
}

/** A browser without scripts at one bank's site: keeps cookies, follows redirects, posts forms. */
export interface PortalBrowser {
  /** `isCounted`: a page of data, of which each further attempt is spent. */
  open(address: URL, isCounted?: boolean): Promise<PortalPage>;
  /** Posts a form of a page with what the person gave; its hidden fields go along. */
  submit(page: PortalPage, form: PageForm, typed: Readonly<Record<string, string>>): Promise<PortalPage>;
  /** Whether the site knows this browser as one that passed a challenge. */
  isTrusted(): boolean;
  cookies(): Readonly<Record<string, unknown>>;
}

const redirectsMax = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
/** These would post again what was posted, to an address that only then becomes known. */
const repeatingStatuses = new Set([307, 308]);

/** A browser with the cookies that were kept, or a new one. All it throws are Failures; pages are never quoted. */
export function openBrowser(
  http: BankHttp,
  call: BankCall,
  stored: Readonly<Record<string, unknown>> | null,
): PortalBrowser {
  const { endpoint, signal } = call;
  const { trustCookie } = portalQuirks(endpoint);
  const cookies = openCookies(call.clock, stored);

  async function load(first: URL, form: string | null, isCounted = false): Promise<PortalPage> {
    const spent = isCounted && call.spendAgain ? { spendAgain: call.spendAgain } : {};
    let url = first;
    let body = form;
    for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
      const sent = { method: body === null ? 'GET' : 'POST', url, signal, endpoint, ...spent } as const;
      // oxlint-disable-next-line no-await-in-loop -- one page leads to the next
      const answer = await http.send({ ...sent, headers: headersOf(url, body), ...(body === null ? {} : { body }) });
      cookies.keep(answer.setCookies, url);
      if (!redirectStatuses.has(answer.status)) return { url, answer, document: parsePage(answer.body) };
      if (body !== null && repeatingStatuses.has(answer.status)) break;
      url = bankAddress(endpoint.baseUrl, url, answer.headers['location'] ?? '');
      body = null;
    }
    throw new Failure('BANK_ERROR', { message: 'The bank leads from page to page without end.' });
  }

  /** The language in which dates, amounts and words are read. */
  function headersOf(url: URL, body: string | null): () => Record<string, string> {
    return () => {
      const cookie = cookies.headerFor(url);
      return {
        accept: 'text/html',
        'accept-language': 'fr',
        'user-agent': 'Tributary (on behalf of the customer)',
        ...(cookie === '' ? {} : { cookie }),
        ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      };
    };
  }

  return {
    open: (address, isCounted) => load(address, null, isCounted),
    submit(page, form, typed) {
      const fields = new URLSearchParams([...form.hidden]);
      for (const [name, value] of Object.entries(typed)) fields.set(name, value);
      return load(bankAddress(endpoint.baseUrl, page.url, form.action), fields.toString());
    },
    isTrusted: () => cookies.has(trustCookie, new URL(endpoint.baseUrl)),
    cookies: () => cookies.toJson(),
  };
}
