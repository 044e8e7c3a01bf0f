/** What the person knows and decides at the bank's pages. */
export interface BankCustomer {
  readonly login: string;
  readonly password: string;
  /** Typed in place of the one-time code that the person's phone shows. */
  readonly oneTimeCode?: string;
  /** Names of the accounts to share; absent: as the page proposes, or all where it proposes none. */
  readonly accounts?: readonly string[];
  readonly decision?: 'approve' | 'refuse';
}

interface FormField {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  readonly isChecked: boolean;
  /** The text beside it. */
  readonly label: string;
}

interface Form {
  readonly action: string;
  readonly method: string;
  readonly fields: readonly FormField[];
  readonly buttons: readonly FormField[];
}

const pagesMax = 15;

/**
 * Plays the person at a bank's pages over HTTP, from the address that the bank gave to the address with which the
 * browser leaves the bank again (not fetched). Throws with the text of the page where the bank lets nobody through.
 */
export async function visitBank(redirectUrl: string, customer: BankCustomer): Promise<string> {
  const origin = new URL(redirectUrl).origin;
  const cookies = new Map<string, string>();
  let url = new URL(redirectUrl);
  let request: RequestInit = { method: 'GET' };
  let lastPage = '';
  for (let page = 0; page < pagesMax; page += 1) {
    const headers: Record<string, string> =
      cookies.size > 0 ? { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } : {};
    const response = await fetch(url, { ...request, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=;]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name.trim(), value);
    }
    const location = response.headers.get('location');
    if (location !== null && response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      url = new URL(location, url);
      if (url.origin !== origin) return url.href;
      request = { method: 'GET' };
      continue;
    }
    const html = await response.text();
    const form = formsOf(html).find((candidate) => candidate.fields.length + candidate.buttons.length > 0);
    const text = textOf(html);
    if (!form) {
      const away = linksOf(html).find((link) => new URL(link, url).origin !== origin);
      if (away !== undefined) return new URL(away, url).href;
      throw new Error(`The bank lets nobody through (${response.status}): ${text}`);
    }
    if (html === lastPage) throw new Error(`The bank shows the same page again: ${text}`);
    if (response.status >= 400) throw new Error(`The bank refuses (${response.status}): ${text}`);
    lastPage = html;
    const body = fill(form, customer, await codeOnPhone(html, url, headers));
    url = new URL(form.action, url);
    if (form.method === 'get') {
      url.search = body.toString();
      request = { method: 'GET' };
    } else request = { method: 'POST', body };
  }
  throw new Error(`The bank shows more than ${pagesMax} pages.`);
}

/** The code on the simulated phone that a page of the bank links to; the phone is recognised by the same cookies. */
async function codeOnPhone(html: string, url: URL, headers: Record<string, string>): Promise<string | null> {
  const phone = linksOf(html).find((link) => link.endsWith('/phone'));
  if (phone === undefined) return null;
  const screen = await (await fetch(new URL(phone, url), { headers })).text();
  return /id="code"[^>]*>\s*(\w+)/.exec(screen)?.[1] ?? null;
}

function fill(form: Form, customer: BankCustomer, shownCode: string | null): URLSearchParams {
  const body = new URLSearchParams();
  const boxes = form.fields.filter((field) => field.type === 'checkbox');
  const proposes = boxes.some((box) => box.isChecked);
  const isChosen = (field: FormField): boolean => {
    if (field.type === 'radio') return field.isChecked;
    if (customer.accounts) return customer.accounts.some((name) => field.label.includes(name) || field.value === name);
    return proposes ? field.isChecked : true;
  };
  for (const field of form.fields) {
    if (field.type === 'checkbox' || field.type === 'radio') {
      if (isChosen(field)) body.append(field.name, field.value);
    } else if (field.type === 'password') body.append(field.name, customer.password);
    else if (/login|user|identifi/i.test(field.name) && field.type !== 'hidden')
      body.append(field.name, customer.login);
    else if (/otp|code/i.test(field.name) && field.type !== 'hidden') {
      const code = customer.oneTimeCode ?? shownCode;
      if (code === null) throw new Error('The bank asks for a one-time code and shows none.');
      body.append(field.name, code);
    } else body.append(field.name, field.value);
  }
  const refusing = (button: FormField): boolean =>
    /refus|deny|decline|cancel|reject|annul/i.test(`${button.name} ${button.value} ${button.label}`);
  const wantsRefusal = customer.decision === 'refuse';
  const button = form.buttons.find((candidate) => refusing(candidate) === wantsRefusal) ?? form.buttons[0];
  if (button && button.name !== '') body.append(button.name, button.value);
  return body;
}

function formsOf(html: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, tag = '', content = '']) => ({
    action: attribute(tag, 'action') ?? '',
    method: (attribute(tag, 'method') ?? 'get').toLowerCase(),
    fields: [...content.matchAll(/<input\b([^>]*)>([\s\S]*?)(?=<\/label>|<input\b|<\/fieldset>|$)/gi)]
      .map(fieldOf)
      .filter((field) => field.name !== ''),
    buttons: [...content.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)].map(fieldOf),
  }));
}

function fieldOf([, tag = '', label = '']: RegExpMatchArray): FormField {
  return {
    name: attribute(tag, 'name') ?? '',
    value: attribute(tag, 'value') ?? (attribute(tag, 'type') === 'checkbox' ? 'on' : ''),
    type: (attribute(tag, 'type') ?? 'text').toLowerCase(),
    isChecked: /\schecked(?=[\s=/>]|$)/i.test(tag),
    label: textOf(label),
  };
}

function linksOf(html: string): string[] {
  return [...html.matchAll(/<a\b([^>]*)>/gi)].flatMap(([, tag = '']) => attribute(tag, 'href') ?? []);
}

function attribute(tag: string, name: string): string | undefined {
  const found = [...tag.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g)].find(
    ([, given]) => given?.toLowerCase() === name,
  );
  const value = found?.[2] ?? found?.[3] ?? found?.[4];
  return value === undefined ? undefined : unescapeHtml(value);
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#x27': "'",
  '#34': '"',
};

function unescapeHtml(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

function textOf(html: string): string {
  const bare = html.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return unescapeHtml(bare).replace(/\s+/g, ' ').trim().slice(0, 300);
}
