import * as cheerio from 'cheerio';
import * as oauth from 'oauth4webapi';
import { createApplication } from '../../src/actions/create-application.ts';
import type { ActionContext } from '../../src/actions/context.ts';
import { permissions, type Permission } from '../../src/domain/viewer.ts';
import { insecure, type TestAuthorizationServer, type TestClient } from './oauth.ts';

export const redirectUri = 'https://app.example/callback';

/** A third party of a client, with a secret. */
export async function testApplication(
  context: Pick<ActionContext, 'database' | 'clock'>,
  client: TestClient,
  asked: readonly Permission[] = permissions,
): Promise<TestClient> {
  const input = { name: 'Budget <App>', permissions: asked, redirectUris: [redirectUri] };
  const { id, secret } = await createApplication(context, client.id, input);
  return { id, secret };
}

/** A browser without scripts: it keeps cookies by their path, follows redirects within the server, and fills in forms. */
export class Browser {
  readonly #cookies = new Map<string, { value: string; path: string }>();
  readonly headers: Record<string, string> = {};
  url = '';

  /** Opens a page; gives it, or the answer that leads away from the server. */
  async open(url: string, init: RequestInit = {}): Promise<{ status: number; html: string; location: URL | null }> {
    const { origin, pathname } = new URL(url);
    const cookie = [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
    const headers = { ...this.headers, ...(cookie ? { cookie } : {}), ...(init.headers as Record<string, string>) };
    const answer = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    const target = answer.headers.get('location');
    const location = target === null ? null : new URL(target, url);
    if (location?.origin === origin) return this.open(location.href);
    this.url = url;
    return { status: answer.status, html: await answer.text(), location };
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const path = attributes.find((part) => part.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const isGone = attributes.some((part) => part.toLowerCase().startsWith('expires=thu, 01 jan 1970'));
    if (isGone) this.#cookies.delete(name);
    else this.#cookies.set(name, { value: pair.slice(name.length + 1), path });
  }

  get cookies(): readonly string[] {
    return [...this.#cookies.keys()];
  }

  /** Presses a button of the form on a page, with what is filled in; `scope` replaces the choice. */
  submit(html: string, step: string, fields: Record<string, string> = {}, scope?: readonly string[]) {
    const $ = cheerio.load(html);
    const form = new URLSearchParams();
    form.set('csrf', $('input[name=csrf]').attr('value') ?? '');
    const offered = $('input[name=scope]')
      .toArray()
      .map((input) => $(input).attr('value') ?? '');
    for (const one of scope ?? offered) form.append('scope', one);
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('step', step);
    return this.open(this.url, { method: 'POST', body: form, headers: { origin: new URL(this.url).origin } });
  }
}

/** The address at which a third party begins, and what it keeps of it. */
export async function authorizationRequest(
  { discovered }: TestAuthorizationServer,
  application: TestClient,
  more: Record<string, string | undefined> = {},
) {
  const verifier = oauth.generateRandomCodeVerifier();
  const parameters: Record<string, string | undefined> = {
    client_id: application.id,
    response_type: 'code',
    redirect_uri: redirectUri,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    scope: 'accounts_read transactions_read',
    state: 'the-state',
    ...more,
  };
  const url = new URL(discovered.authorization_endpoint ?? '');
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return { url: url.href, verifier, state: parameters['state'] ?? '' };
}

/** Logs in and approves; gives the address to which the browser goes back. */
export async function approve(
  browser: Browser,
  url: string,
  user: { readonly email: string; readonly password: string },
  scope?: readonly string[],
): Promise<URL> {
  const login = await browser.open(url);
  const consent = await browser.submit(login.html, 'login', { email: user.email, password: user.password });
  const { location } = await browser.submit(consent.html, 'allow', {}, scope);
  if (!location) throw new Error('The browser was not sent back.');
  return location;
}

/** Exchanges the code of a return for tokens, as a third party does. */
export async function redeem(
  { discovered }: TestAuthorizationServer,
  application: TestClient,
  back: URL,
  { verifier, state }: { readonly verifier: string; readonly state: string },
): Promise<oauth.TokenEndpointResponse> {
  const owner = { client_id: application.id };
  const parameters = oauth.validateAuthResponse(discovered, owner, back, state);
  const authentication = oauth.ClientSecretBasic(application.secret);
  const answer = await oauth.authorizationCodeGrantRequest(
    discovered,
    owner,
    authentication,
    parameters,
    redirectUri,
    verifier,
    insecure,
  );
  return oauth.processAuthorizationCodeResponse(discovered, owner, answer);
}
