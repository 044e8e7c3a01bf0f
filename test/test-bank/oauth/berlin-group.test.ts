import { afterEach, describe, expect, it } from 'vitest';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { attended, caller, noon, openBankAt, requestConsent, scenarioOf } from '../support.ts';
import { householdWith } from './household.ts';
import { browserWith, decide, follow, thirdPartyOf } from './third-party.ts';

const open: TestBank[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bank) => bank.close()));
});

async function bankWith(scaApproach: string, switches: Record<string, unknown> = {}) {
  const bank = await openBankAt(noon, { scenario: scenarioOf(householdWith({ scaApproach, switches })) });
  open.push(bank);
  return bank;
}

const everything = { allPsd2: 'allAccounts' };

function newConsent(bank: TestBank) {
  return caller(bank, { ...attended, 'tpp-redirect-uri': 'http://app.example/return' })('POST', '/consents', {
    body: {
      access: everything,
      recurringIndicator: true,
      validUntil: '2027-01-01',
      frequencyPerDay: 4,
      combinedServiceIndicator: false,
    },
  });
}

function codeOf(answer: { status: number; json: { tppMessages?: { code: string }[] } | null }): string {
  return `${answer.status} ${answer.json?.tppMessages?.[0]?.code ?? ''}`.trim();
}

describe('OAuth2 integrated', () => {
  async function consented(bank: TestBank) {
    const answer = await newConsent(bank);
    const id: string = answer.json.consentId;
    const thirdParty = await thirdPartyOf(bank);
    const tokens = await thirdParty.authorise(`AIS:${id}`);
    return { id, answer, thirdParty, tokens, bearer: { authorization: `Bearer ${tokens.access_token}` } };
  }

  it('leads from the consent to the metadata, and the token opens the data with Consent-ID', async () => {
    const bank = await bankWith('oauth-integrated');
    const { id, answer, thirdParty, tokens, bearer } = await consented(bank);
    expect(answer.headers.get('aspsp-sca-approach')).toBe('REDIRECT');
    expect(Object.keys(answer.json._links).toSorted()).toEqual(['scaOAuth', 'scaStatus', 'self', 'status']);
    const metadata = await (await fetch(answer.json._links.scaOAuth.href)).json();
    expect(metadata).toEqual(thirdParty.server);
    expect(tokens.scope).toBe(`AIS:${id}`);
    const call = caller(bank, { ...attended, ...bearer, 'consent-id': id });
    expect((await call('GET', `/consents/${id}/status`)).json).toEqual({ consentStatus: 'valid' });
    expect((await caller(bank)('GET', answer.json._links.scaStatus.href)).json).toEqual({ scaStatus: 'finalised' });
    const list = await call('GET', '/accounts');
    expect(list.json.accounts[0].iban).toBe('FR7630006000011234567890189');
    const refreshed = await thirdParty.refresh(tokens.refresh_token ?? '');
    expect(refreshed.scope).toBe(`AIS:${id}`);
  });

  it('opens no data without a token, with that of another consent, or with one alone', async () => {
    const bank = await bankWith('oauth-integrated');
    const [first, second] = [await consented(bank), await consented(bank)];
    const ask = (headers: Record<string, string>) => caller(bank, { ...attended, ...headers })('GET', '/accounts');
    expect(codeOf(await ask({ 'consent-id': first.id }))).toBe('401 TOKEN_INVALID');
    expect(codeOf(await ask({ 'consent-id': first.id, ...second.bearer }))).toBe('401 CONSENT_INVALID');
    expect(codeOf(await ask(first.bearer))).toBe('400 FORMAT_ERROR');
    expect(codeOf(await ask({ 'consent-id': first.id, ...first.bearer }))).toBe('200');
    bank.clock.advance(901_000);
    expect(codeOf(await ask({ 'consent-id': first.id, ...first.bearer }))).toBe('401 TOKEN_EXPIRED');
  });

  it('authorises a consent once, and gives up one that the person rejected', async () => {
    const bank = await bankWith('oauth-integrated');
    const { id, thirdParty } = await consented(bank);
    const again = await browserWith().visit((await thirdParty.begin(`AIS:${id}`)).url);
    expect(new URL(again.location ?? '').searchParams.get('error')).toBe('invalid_scope');
    const answer = await newConsent(bank);
    const rejected: string = answer.json.consentId;
    const browser = browserWith();
    const begun = await thirdParty.begin(`AIS:${rejected}`);
    const back = await decide(browser, await follow(browser, begun.url), 'alice', 'tributary1', 'refuse');
    expect(new URL(back).searchParams.get('error')).toBe('access_denied');
    expect((await caller(bank)('GET', `/consents/${rejected}/status`)).json).toEqual({ consentStatus: 'rejected' });
  });
});

describe('OAuth2 pre-step', () => {
  it('wants a token before a consent, and one of the same person for the data', async () => {
    const bank = await bankWith('oauth-pre-step');
    const thirdParty = await thirdPartyOf(bank);
    const nobody = caller(bank, { ...attended, 'tpp-redirect-uri': 'http://app.example/return' });
    expect(codeOf(await nobody('POST', '/consents', { body: {} }))).toBe('401 TOKEN_INVALID');
    expect(codeOf(await nobody('GET', '/consents/any/status'))).toBe('401 TOKEN_INVALID');
    expect(bank.bank.consents.all()).toEqual([]);

    const bearerOf = async (login: string, password: string, scope = 'AIS') => ({
      authorization: `Bearer ${(await thirdParty.authorise(scope, login, password)).access_token}`,
    });
    const alice = await bearerOf('alice', 'tributary1');
    const { id, page } = await requestConsent(caller(bank, alice), everything);
    await decideAt(page);
    const ask = (headers: Record<string, string>) =>
      caller(bank, { ...attended, 'consent-id': id, ...headers })('GET', '/accounts');
    expect(codeOf(await ask(alice))).toBe('200');
    expect(codeOf(await ask(await bearerOf('chloe', 'tributary3')))).toBe('401 CONSENT_INVALID');
    expect(codeOf(await ask(await bearerOf('alice', 'tributary1', 'aisp')))).toBe('401 TOKEN_INVALID');
    expect(codeOf(await ask({}))).toBe('401 TOKEN_INVALID');
  });

  async function decideAt(page: string): Promise<void> {
    const browser = browserWith();
    const first = await browser.visit(page);
    await browser.visit(`${page}/login`, { csrf: first.csrf, login: 'alice', password: 'tributary1' });
    const approval = await browser.visit(`${page}/approve`);
    const done = await browser.visit(`${page}/approve`, { csrf: approval.csrf, decision: 'approve' });
    expect(done.location).toContain('http://app.example/return');
  }
});
