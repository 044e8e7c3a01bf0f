import { describe, expect, onTestFinished, test } from 'vitest';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { createBankHttp, type BankHttp } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import { openBank, type OpenBank } from './linked-bank.ts';

const integrated = { bank: { scaApproach: 'oauth-integrated' } } as const;
const preStep = { bank: { scaApproach: 'oauth-pre-step' }, quirks: { preStepScope: 'AIS' } } as const;
const empty = { status: 200, headers: {}, setCookies: [], body: '' } as const;
const alice = { login: 'alice', password: 'tributary1' } as const;

async function returned(bank: OpenBank, visitor: Parameters<typeof visitBank>[1]) {
  const started = await bank.connector.startAuthorization(bank.call(), bank.request());
  const back = new URL(await visitBank(started.redirectUrl, visitor));
  return { started, parameters: Object.fromEntries(back.searchParams) };
}

describe.each([
  ['after the consent', integrated],
  ['before the consent', preStep],
])('OAuth2 %s', (_, approach) => {
  test.each(['rotating', 'static'])(
    'renews %s tokens before they end, and the new ones serve',
    async (refreshTokens) => {
      const bank = await openBank({ ...approach, switches: { refreshTokens } });
      const session = await bank.link();
      expect(await bank.connector.renewSession(bank.call(null), session)).toBeNull();
      bank.clock.advance(14 * 60_000 + 30_000);
      const renewed = await bank.connector.renewSession(bank.call(null), session);
      expect(renewed).toMatchObject({ consentId: session['consentId'], tokens: expect.any(Object) });
      expect(renewed?.['tokens']).not.toEqual(session['tokens']);
      bank.clock.advance(60_000);
      await expect(bank.connector.listAccounts(bank.call(), session)).rejects.toMatchObject({
        code: expect.stringMatching(/^CONSENT_/),
      });
      expect((await bank.connector.listAccounts(bank.call(), renewed ?? {})).length).toBeGreaterThan(0);
    },
  );

  test('tells a consent that the person has revoked at the bank', async () => {
    const bank = await openBank(approach);
    const session = await bank.link();
    for (const consent of bank.bank.consents.all()) bank.bank.consents.save({ ...consent, status: 'revokedByPsu' });
    await expect(bank.connector.listAccounts(bank.call(), session)).rejects.toMatchObject({
      code: 'CONSENT_REVOKED_AT_BANK',
    });
    bank.clock.advance(15 * 60_000);
    await expect(bank.connector.renewSession(bank.call(null), session)).rejects.toMatchObject({
      code: 'CONSENT_REVOKED_AT_BANK',
    });
  });

  test('ends the consent at the bank although its token has run out, and the tokens with it', async () => {
    const bank = await openBank(approach);
    const session = await bank.link();
    bank.clock.advance(3600_000);
    await bank.connector.revokeConsent(bank.call(null), session);
    expect(bank.bank.consents.find(String(session['consentId']))).toMatchObject({ status: 'terminatedByTpp' });
    await expect(bank.connector.renewSession(bank.call(null), session)).rejects.toMatchObject({
      code: expect.stringMatching(/^CONSENT_/),
    });
    await bank.connector.revokeConsent(bank.call(null), session);
  });

  test('that the person refuses is rejected', async () => {
    const bank = await openBank(approach);
    const { started, parameters } = await returned(bank, { ...alice, decision: 'refuse' });
    expect(await bank.connector.readConsent(bank.call(), started.session, parameters)).toEqual({ status: 'REJECTED' });
  });

  test('takes no answer of another state, nor one twice', async () => {
    const bank = await openBank(approach);
    const { started, parameters } = await returned(bank, alice);
    const forged = { ...parameters, state: 's-2' };
    await expect(bank.connector.readConsent(bank.call(), started.session, forged)).rejects.toMatchObject({
      code: 'SCA_FAILED',
    });
    await bank.connector.readConsent(bank.call(), started.session, parameters);
    await expect(bank.connector.readConsent(bank.call(), started.session, parameters)).rejects.toMatchObject({
      code: 'SCA_FAILED',
    });
  });

  test('is pending while the browser is not back, whatever the bank says of the consent', async () => {
    const bank = await openBank(approach);
    const { started } = await returned(bank, alice);
    expect(await bank.connector.readConsent(bank.call(), started.session)).toEqual({ status: 'PENDING' });
  });
});

test('OAuth2 before the consent takes the person to the bank twice, with the same state', async () => {
  const bank = await openBank(preStep);
  const { started, parameters } = await returned(bank, alice);
  expect(started.bankConsentId).toBeNull();
  const state = await bank.connector.readConsent(bank.call(), started.session, parameters);
  expect(state).toMatchObject({
    status: 'PENDING',
    continued: { redirectUrl: expect.stringContaining('/auth/authorisations/'), bankConsentId: expect.any(String) },
  });
  const { continued } = state as Extract<typeof state, { status: 'PENDING' }>;
  const back = new URL(await visitBank(continued?.redirectUrl ?? '', alice));
  expect(back.searchParams.get('state')).toBe('s-1');
});

test.each([
  ['has not taken note of it yet', () => ({ ...empty, body: '{"consentStatus":"received"}' })],
  ['is away', () => Promise.reject(new Failure('BANK_UNAVAILABLE'))],
])('keeps the tokens of a code, which serves once, while the bank %s', async (_, say) => {
  const bank = await openBank(integrated);
  const { started, parameters } = await returned(bank, alice);
  const http = createBankHttp({ clock: bank.clock });
  onTestFinished(() => http.close());
  let isAway = true;
  const send: BankHttp['send'] = async (given) =>
    isAway && given.url.pathname.endsWith('/status') ? say() : http.send(given);
  const { clientId, clientSecret } = sandboxThirdParty;
  const connector = createBerlinGroupConnector({ ...http, send }, new Map([['default', { clientId, clientSecret }]]));
  const state = await connector.readConsent(bank.call(), started.session, parameters);
  expect(state).toMatchObject({ status: 'PENDING', continued: { redirectUrl: null } });
  isAway = false;
  const { continued } = state as Extract<typeof state, { status: 'PENDING' }>;
  const later = await connector.readConsent(bank.call(), continued!.session, parameters);
  expect(later).toMatchObject({ status: 'ACTIVE', session: { tokens: expect.any(Object) } });
});
