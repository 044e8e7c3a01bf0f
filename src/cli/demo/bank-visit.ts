import { load, type CheerioAPI } from 'cheerio';
import { CookieJar } from 'tough-cookie';

/** What the person knows and decides at the bank. */
export interface BankVisitor {
  readonly login: string;
  readonly password: string;
  /** Typed in place of the one-time code that the bank's simulated phone shows. */
  readonly oneTimeCode?: string;
  /** Names of the accounts to share; absent: as the page proposes, or all where it proposes none. */
  readonly accounts?: readonly string[];
  readonly decision?: 'approve' | 'refuse';
}

const pagesMax = 20;

/**
 * Plays a person's browser at a bank's pages, over HTTP with cookies and forms, from the address that the bank gave
 * until the bank sends the browser away; answers that last address, not fetched. Throws with the page's own words where
 * the bank lets nobody through.
 */
export async function visitBank(redirectUrl: string, visitor: BankVisitor): Promise<string> {
  const jar = new CookieJar();
  const origin = new URL(redirectUrl).origin;
  let url = new URL(redirectUrl);
  let request: RequestInit = {};
  let lastText = '';
  for (let count = 0; count < pagesMax; count += 1) {
    const response = await browse(jar, url, request);
    const location = response.headers.get('location');
    if (location !== null && response.status >= 300 && response.status < 400) {
      url = new URL(location, url);
      if (url.origin !== origin) return url.href;
      request = {};
      continue;
    }
    const page = load(await response.text());
    const text = page('main, body').first().text().replace(/\s+/g, ' ').trim().slice(0, 300);
    const form = page('main form, form[method="post"]').first();
    const away = linkAway(page, url);
    if (form.length === 0 && away) return away;
    if (form.length === 0 || response.status >= 400 || text === lastText) {
      throw new Error(`The bank lets nobody through (${response.status}): ${text}`);
    }
    lastText = text;
    const body = await fillForm(page, visitor, () => codeOnPhone(jar, page, url));
    url = new URL(form.attr('action') ?? '', url);
    request = { method: 'POST', body };
  }
  throw new Error(`The bank shows more than ${pagesMax} pages.`);
}

async function browse(jar: CookieJar, url: URL, request: RequestInit): Promise<Response> {
  const cookie = await jar.getCookieString(url.href);
  const headers: Record<string, string> = cookie ? { cookie } : {};
  const response = await fetch(url, { ...request, headers, redirect: 'manual' });
  for (const line of response.headers.getSetCookie()) await jar.setCookie(line, url.href);
  return response;
}

/** The bank's last page may end with a link back instead of a redirect. */
function linkAway(page: CheerioAPI, url: URL): string | undefined {
  const links = page('main a[href]')
    .toArray()
    .map((link) => new URL(page(link).attr('href') ?? '', url));
  return links.find((link) => link.origin !== url.origin)?.href;
}

async function codeOnPhone(jar: CookieJar, page: CheerioAPI, url: URL): Promise<string | undefined> {
  const link = page('a[href*="/phone"]').first().attr('href');
  if (link === undefined) return undefined;
  const phone = load(await (await browse(jar, new URL(link, url), {})).text());
  return phone('#code').text().trim() || undefined;
}

async function fillForm(
  page: CheerioAPI,
  visitor: BankVisitor,
  phoneCode: () => Promise<string | undefined>,
): Promise<URLSearchParams> {
  const form = page('main form, form[method="post"]').first();
  const body = new URLSearchParams();
  const proposesAccounts = form.find('input[type=checkbox][checked]').length > 0;
  for (const element of form.find('input[name]').toArray()) {
    const input = page(element);
    const name = input.attr('name') ?? '';
    const value = input.attr('value') ?? '';
    const type = input.attr('type') ?? 'text';
    const isChecked = input.attr('checked') !== undefined;
    const label = input.closest('label').text();
    if (type === 'checkbox') {
      const isNamed = visitor.accounts?.some((account) => label.includes(account) || value === account);
      if (isNamed ?? (!proposesAccounts || isChecked)) body.append(name, value);
    } else if (type === 'radio') {
      if (isChecked) body.append(name, value);
    } else if (name === 'login') body.append(name, visitor.login);
    else if (type === 'password') body.append(name, visitor.password);
    else if (name === 'otp') body.append(name, visitor.oneTimeCode ?? (await phoneCode()) ?? '');
    else body.append(name, value);
  }
  const decision = form.find(`button[name=decision][value=${visitor.decision ?? 'approve'}]`);
  if (decision.length > 0) body.append('decision', decision.attr('value') ?? '');
  return body;
}
