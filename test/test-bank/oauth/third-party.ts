import * as oauth from 'oauth4webapi';
import { Agent, fetch as undiciFetch } from 'undici';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import type { TestBank } from '../../../src/test-bank/server.ts';
import type { CertificateWithKey, TestCertificates } from '../../../src/test-bank/certificates/test-certificates.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** A fetch that trusts the test root and shows a certificate, or none. */
export function tlsFetch({ root }: TestCertificates, shown: CertificateWithKey | null): Fetch {
  const dispatcher = new Agent({
    connect: { ca: root.certificate, ...(shown ? { cert: shown.certificate, key: shown.privateKey } : {}) },
  });
  return (url, init) => undiciFetch(url, { ...(init as object), dispatcher }) as unknown as Promise<Response>;
}

export const returnTo = 'http://127.0.0.1:8484/return';

/** A browser without scripts: keeps cookies, does not follow redirects. */
export function browserWith(fetcher: Fetch = fetch) {
  const cookies = new Map<string, string>();
  async function visit(url: string, fields?: Record<string, string>) {
    const response = await fetcher(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), 'accept-language': 'en' },
      ...(fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    const location = response.headers.get('location');
    return {
      status: response.status,
      text,
      headers: response.headers,
      location: location === null ? null : new URL(location, url).href,
      csrf: /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '',
      accounts: [...text.matchAll(/name="account" value="([^"]+)"/g)].map((match) => match[1] ?? ''),
    };
  }
  return { visit, cookies };
}
export type Browser = ReturnType<typeof browserWith>;

/** Follows redirects until the page of the login, or the third party's own address. */
export async function follow({ visit }: Browser, start: string): Promise<string> {
  let at = start;
  for (let hop = 0; hop < 10; hop += 1) {
    if (at.startsWith(returnTo) || at.includes('/auth/authorisations/')) return at;
    const answer = await visit(at);
    if (answer.location === null) throw new Error(`${answer.status} at ${at}: ${answer.text}`);
    at = answer.location;
  }
  throw new Error('too many redirects');
}

/** Logs in at the page and decides; gives the address at which the browser ends. */
export async function decide(
  browser: Browser,
  page: string,
  login = 'alice',
  password = 'tributary1',
  decision = 'approve',
) {
  const loginPage = await browser.visit(page);
  const afterLogin = await browser.visit(`${page}/login`, { csrf: loginPage.csrf, login, password });
  if (!afterLogin.location?.endsWith('/approve')) return follow(browser, afterLogin.location ?? page);
  const approval = await browser.visit(afterLogin.location);
  const [account] = approval.accounts;
  const after = await browser.visit(afterLogin.location, {
    csrf: approval.csrf,
    decision,
    ...(account === undefined ? {} : { account }),
  });
  if (after.location === null) throw new Error(`${after.status}: ${after.text}`);
  return follow(browser, after.location);
}

export interface ThirdPartyOptions {
  readonly fetcher?: Fetch;
  readonly clientAuth?: oauth.ClientAuth;
  readonly clientId?: string;
}

/** A third party with oauth4webapi, which checks state, iss and the form of every answer. */
export async function thirdPartyOf(bank: Pick<TestBank, 'url'>, options: ThirdPartyOptions = {}) {
  const { fetcher = fetch, clientAuth = oauth.ClientSecretBasic(sandboxThirdParty.clientSecret) } = options;
  const client: oauth.Client = { client_id: options.clientId ?? sandboxThirdParty.clientId };
  const http = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: fetcher as typeof fetch };
  const issuer = new URL(`${bank.url}/oauth`);
  const found = await oauth.discoveryRequest(issuer, {
    algorithm: 'oauth2',
    [oauth.allowInsecureRequests]: true,
    [oauth.customFetch]: http[oauth.customFetch] as never,
  });
  const server = await oauth.processDiscoveryResponse(issuer, found);
  async function begin(scope: string) {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const url = new URL(server.authorization_endpoint!);
    url.search = new URLSearchParams({
      client_id: client.client_id,
      redirect_uri: returnTo,
      response_type: 'code',
      scope,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString();
    return { url: url.href, verifier, state };
  }
  async function exchange(returned: string, { verifier, state }: { verifier: string; state: string }) {
    const parameters = oauth.validateAuthResponse(server, client, new URL(returned), state);
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      clientAuth,
      parameters,
      returnTo,
      verifier,
      http,
    );
    return oauth.processAuthorizationCodeResponse(server, client, answer);
  }
  async function refresh(refreshToken: string) {
    const answer = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refreshToken, http);
    return oauth.processRefreshTokenResponse(server, client, answer);
  }
  /** The whole journey of a person who agrees. */
  async function authorise(scope = 'aisp', login = 'alice', password = 'tributary1') {
    const browser = browserWith(fetcher);
    const begun = await begin(scope);
    const page = await follow(browser, begun.url);
    return exchange(await decide(browser, page, login, password), begun);
  }
  return { server, client, begin, exchange, refresh, authorise, fetcher };
}
