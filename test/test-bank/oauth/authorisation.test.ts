import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';
import { household } from './household.ts';
import { browserWith, decide, follow, returnTo, thirdPartyOf } from './third-party.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await openBankAt(noon);
});
afterAll(() => bank.close());

async function fails(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error('nothing failed'),
    (reason: unknown) => reason,
  );
  return error instanceof oauth.ResponseBodyError ? error.error : String(error);
}

describe('the authorization code flow', () => {
  it('is completed by oauth4webapi with PKCE, state and iss', async () => {
    const { access_token, refresh_token, ...rest } = await (await thirdPartyOf(bank)).authorise();
    expect(rest).toEqual({ expires_in: 900, scope: 'aisp', token_type: 'bearer' });
    expect(access_token).not.toBe(refresh_token);
  });

  it('is completed by openid-client, which finds everything in the metadata', async () => {
    const { clientId, clientSecret } = sandboxThirdParty;
    const configuration = await openid.discovery(
      new URL(`${bank.url}/oauth`),
      clientId,
      undefined,
      openid.ClientSecretPost(clientSecret),
      { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: returnTo,
      scope: 'aisp',
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
    });
    const browser = browserWith();
    const back = await decide(browser, await follow(browser, url.href));
    const tokens = await openid.authorizationCodeGrant(configuration, new URL(back), {
      pkceCodeVerifier,
      expectedState,
    });
    const refreshed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(refreshed.scope).toBe('aisp');
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  });

  it('asks the next person in the same browser, and remembers nothing of the one before', async () => {
    const thirdParty = await thirdPartyOf(bank);
    const browser = browserWith();
    for (const login of ['alice', 'error.history_truncated']) {
      // oxlint-disable-next-line no-await-in-loop -- one person after the other is the point
      const begun = await thirdParty.begin('aisp');
      // oxlint-disable-next-line no-await-in-loop -- as above
      const page = await follow(browser, begun.url);
      expect(page).toContain('/auth/authorisations/');
      // oxlint-disable-next-line no-await-in-loop -- as above
      const tokens = await thirdParty.exchange(await decide(browser, page, login), begun);
      expect(tokens.scope).toBe('aisp');
    }
  });

  it('lets the pages of the bank lead to the third party, and to nobody else (form-action)', async () => {
    const thirdParty = await thirdPartyOf(bank);
    const browser = browserWith();
    const { headers } = await browser.visit(await follow(browser, (await thirdParty.begin('aisp')).url));
    const policy = headers.get('content-security-policy') ?? '';
    const allowed = /form-action ([^;]+)/.exec(policy)?.[1]?.split(' ') ?? [];
    expect(new Set(allowed)).toEqual(new Set(["'self'", bank.url, new URL(returnTo).origin]));
  });

  it('tells the third party that the person refused', async () => {
    const thirdParty = await thirdPartyOf(bank);
    const browser = browserWith();
    const begun = await thirdParty.begin('aisp');
    const back = await decide(browser, await follow(browser, begun.url), 'alice', 'tributary1', 'refuse');
    expect(Object.fromEntries(new URL(back).searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'the person or the bank refused',
      state: begun.state,
      iss: `${bank.url}/oauth`,
    });
  });

  it('takes a code once: a second use ends the tokens of the first', async () => {
    const thirdParty = await thirdPartyOf(bank);
    const browser = browserWith();
    const begun = await thirdParty.begin('aisp');
    const back = await decide(browser, await follow(browser, begun.url));
    const tokens = await thirdParty.exchange(back, begun);
    expect(await fails(thirdParty.exchange(back, begun))).toBe('invalid_grant');
    expect(await fails(thirdParty.refresh(tokens.refresh_token ?? ''))).toBe('invalid_grant');
  });

  it('gives the code only to the browser that began', async () => {
    const thirdParty = await thirdPartyOf(bank);
    const [victim, thief] = [browserWith(), browserWith()];
    const begun = await thirdParty.begin('aisp');
    const page = await follow(thief, begun.url);
    await expect(decide(victim, page)).rejects.toThrow(/^400 at .*\/oauth\/authorize\//);
  });

  it('finishes nothing that the person has not approved', async () => {
    const thirdParty = await thirdPartyOf(bank);
    const browser = browserWith();
    const first = await browser.visit((await thirdParty.begin('aisp')).url);
    const uid = [...browser.cookies].find(([name]) => name === '_interaction_resume')?.[1] ?? '';
    expect(first.location).toContain('/auth/authorisations/');
    const finish = await browser.visit(`${bank.url}/oauth/interactions/${uid}`);
    expect(finish.status).toBe(410);
    expect(finish.location).toBeNull();
  });
});

describe('the authorization endpoint refuses', () => {
  async function ask(change: Record<string, string | null>, at = bank) {
    const url = new URL((await (await thirdPartyOf(at)).begin('aisp')).url);
    for (const [name, value] of Object.entries(change)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    const { status, location, text } = await browserWith().visit(url.href);
    return { status, text, told: location === null ? null : new URL(location).searchParams.get('error'), location };
  }

  it.each([
    ['a request without PKCE', { code_challenge: null, code_challenge_method: null }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['an unknown scope', { scope: 'pisp' }, 'invalid_scope'],
    ['no scope', { scope: null }, 'invalid_scope'],
    ['a consent that it does not know', { scope: 'AIS:6f9619ff-8b86-4011-b42d-00c04fc964ff' }, 'invalid_scope'],
  ])('%s', async (_name, change, error) => {
    const before = bank.bank.consents.all().length;
    expect((await ask(change)).told).toBe(error);
    expect(bank.bank.consents.all()).toHaveLength(before);
  });

  it.each([
    ['http to another machine', 'http://app.example/return'],
    ['a fragment', 'https://app.example/return#x'],
    ['another scheme', 'javascript:alert(1)'],
    ['no address', 'return'],
  ])('a redirect address with %s, on its own page', async (_name, redirect_uri) => {
    const answer = await ask({ redirect_uri });
    expect(answer).toMatchObject({ status: 400, location: null });
    expect(answer.text).toContain('The request is refused');
    const french = /href="([^"]+)" hreflang="fr"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect((await browserWith().visit(`${bank.url}${french}`)).text).toContain('La demande est refusée');
  });

  it('takes any https address in the sandbox, and only listed ones where the scenario lists them', async () => {
    expect((await ask({ redirect_uri: 'https://app.example/return' })).location).toContain('/auth/authorisations/');
    const listed = { ...sandboxThirdParty, redirectUris: ['https://app.example/return'] };
    const strict = await openBankAt(noon, { scenario: scenarioOf({ ...household, thirdParties: [listed] }) });
    try {
      const right = await ask({ redirect_uri: 'https://app.example/return' }, strict);
      expect(right.location).toContain('/auth/authorisations/');
      expect(await ask({ redirect_uri: 'https://app.example/return/' }, strict)).toMatchObject({
        status: 400,
        location: null,
      });
      expect(await ask({}, strict)).toMatchObject({ status: 400, location: null });
    } finally {
      await strict.close();
    }
  });
});

describe('the token endpoint', () => {
  it('refuses a wrong secret and an unknown client alike', async () => {
    const wrong = await thirdPartyOf(bank, { clientAuth: oauth.ClientSecretPost('not-the-secret') });
    const unknown = await thirdPartyOf(bank, {
      clientId: 'PSDFR-ACPR-99999',
      clientAuth: oauth.ClientSecretPost(sandboxThirdParty.clientSecret),
    });
    expect(await fails(wrong.refresh('x'))).toBe('invalid_client');
    expect(await fails(unknown.refresh('x'))).toBe('invalid_client');
  });

  it('refuses a code with another verifier', async () => {
    const thirdParty = await thirdPartyOf(bank);
    const browser = browserWith();
    const begun = await thirdParty.begin('aisp');
    const back = await decide(browser, await follow(browser, begun.url));
    const other = { ...begun, verifier: oauth.generateRandomCodeVerifier() };
    expect(await fails(thirdParty.exchange(back, other))).toBe('invalid_grant');
  });

  it('gives no token to another third party with the refresh token of the first', async () => {
    const other = { ...sandboxThirdParty, clientId: 'PSDDE-BAFIN-77', clientSecret: 'other-tpp-secret' };
    const shared = await openBankAt(noon, {
      scenario: scenarioOf({ ...household, thirdParties: [sandboxThirdParty, other] }),
    });
    try {
      const tokens = await (await thirdPartyOf(shared)).authorise();
      const thief = await thirdPartyOf(shared, {
        clientId: other.clientId,
        clientAuth: oauth.ClientSecretPost(other.clientSecret),
      });
      expect(await fails(thief.refresh(tokens.refresh_token ?? ''))).toBe('invalid_grant');
      expect((await (await thirdPartyOf(shared)).refresh(tokens.refresh_token ?? '')).scope).toBe('aisp');
    } finally {
      await shared.close();
    }
  });
});
