import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SignInState } from '../../../src/connectors/connector.ts';
import { json, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank();
});
afterAll(() => bank.close());

const request = {
  credentials: { psuId: 'alice', password: 'secret' },
  session: null,
  returnUrl: 'https://us.example/return',
  state: 's-1',
  validUntil: '2026-09-01',
  frequencyPerDay: 4,
};
const psu = { ipAddress: '192.0.2.7' };

/** A bank whose answers to POST and PUT come one after the other; its consents stand as told. */
function answers(given: readonly object[], consentStatus = 'received'): void {
  let next = 0;
  bank.answerWith(({ method }, response) => {
    if (method === 'GET') return json(response, { consentStatus, scaStatus: 'started' });
    const body = given[Math.min(next, given.length - 1)];
    next += 1;
    json(response, { consentId: 'c-9', ...body }, method === 'POST' ? 201 : 200);
  });
}

const begin = (quirks: Record<string, unknown> = {}) =>
  bank.connector.signIn!.begin(bank.call({ psu, quirks }), request);
const given = () =>
  bank.seen.filter(({ method }) => method !== 'GET').map(({ method, url, body }) => `${method} ${url} ${body}`);
const link = (name: string, href = `/v1/consents/c-9/authorisations/1`) => ({ _links: { [name]: { href } } });

function challenge(state: SignInState) {
  return state.status === 'CHALLENGED' ? state.challenge : state.status;
}

describe('the links of an answer lead on', () => {
  test('one by one, whatever the bank is', async () => {
    answers([
      link('startAuthorisation', '/v1/consents/c-9/authorisations'),
      link('updatePsuIdentification'),
      link('updatePsuAuthentication'),
      {
        ...link('selectAuthenticationMethod'),
        scaMethods: [{ authenticationMethodId: 'm', authenticationType: 'SMS_OTP' }],
      },
      { ...link('authoriseTransaction'), challengeData: { otpMaxLength: '6', otpFormat: 'characters' } },
    ]);
    expect(challenge(await begin())).toMatchObject({
      kind: 'OTP',
      lengthMax: 6,
      isNumeric: false,
      prompt: '',
      sentTo: null,
    });
    expect(given().slice(1)).toEqual([
      'POST /xs2a/v1/consents/c-9/authorisations {}',
      'PUT /xs2a/v1/consents/c-9/authorisations/1 {}',
      'PUT /xs2a/v1/consents/c-9/authorisations/1 {"psuData":{"password":"secret"}}',
      'PUT /xs2a/v1/consents/c-9/authorisations/1 {"authenticationMethodId":"m"}',
    ]);
  });

  test('to a status that nobody names, which is the app', async () => {
    answers([{ psuMessage: ' Bitte\u0007 bestätigen ', challengeData: { data: ['4711'] } }]);
    expect(challenge(await begin())).toMatchObject({
      kind: 'APP_APPROVAL',
      prompt: 'Bitte bestätigen\n4711',
      comparisonCode: '4711',
      pollAfterSeconds: 3,
    });
  });

  test('past methods that cannot be shown', async () => {
    const photo = { authenticationMethodId: 'p', authenticationType: 'PHOTO_OTP' };
    answers([{ ...link('selectAuthenticationMethod'), scaMethods: [photo] }]);
    await expect(begin()).rejects.toMatchObject({ code: 'SCA_METHOD_UNSUPPORTED' });
    const sms = { authenticationMethodId: 's', authenticationType: 'SMS_OTP', name: 'SMS' };
    answers([
      { ...link('selectAuthenticationMethod'), scaMethods: [photo, sms, {}, null] },
      link('authoriseTransaction'),
    ]);
    expect(challenge(await begin())).toMatchObject({ kind: 'OTP' });
  });

  test('in a circle no further than eight steps', async () => {
    answers([link('updatePsuIdentification')]);
    await expect(begin()).rejects.toMatchObject({ code: 'BANK_ERROR' });
    expect(given()).toHaveLength(9);
  });

  test.each(['updatePsuAuthentication', 'authoriseTransaction', 'startAuthorisation', 'scaStatus', 'next'])(
    'never to another host: %s',
    async (name) => {
      answers([link(name, 'https://evil.example/steal')]);
      await expect(begin()).rejects.toMatchObject({ code: 'BANK_ERROR' });
      expect(given()).toHaveLength(1);
    },
  );

  test('nowhere when they are none', async () => {
    answers([{ _links: 'x', scaMethods: 'y', challengeData: 7, psuMessage: {} }], 'valid');
    expect((await begin()).status).toBe('SIGNED_IN');
    answers([{ _links: { scaStatus: { href: 5 }, next: null } }], 'rejected');
    await expect(begin()).rejects.toMatchObject({ code: 'CONSENT_REJECTED' });
  });
});

describe('a code', () => {
  async function asked(): Promise<SignInState> {
    answers([{ _links: { ...link('authoriseTransaction')._links, ...link('scaStatus', '/v1/status')._links } }]);
    return begin();
  }
  const answer = (state: SignInState, code: string) =>
    bank.connector.signIn!.proceed(bank.call({ psu }), { ...request, session: state.session }, code);

  test.each([
    [401, 'PSU_CREDENTIALS_INVALID', 'received', 'scaMethodSelected', 'CHALLENGED'],
    [400, 'SCA_INVALID', 'received', 'scaMethodSelected', 'CHALLENGED'],
    [400, 'SCA_INVALID', 'received', 'failed', 'SCA_FAILED'],
    [400, 'SCA_INVALID', 'rejected', 'failed', 'SCA_FAILED'],
    [400, 'SCA_INVALID', 'expired', 'failed', 'SCA_TIMEOUT'],
    [503, 'SERVICE_UNAVAILABLE', 'received', 'scaMethodSelected', 'BANK_UNAVAILABLE'],
    [403, 'SERVICE_BLOCKED', 'received', 'scaMethodSelected', 'ACCOUNT_LOCKED'],
  ])(
    'that is refused by %i %s of a consent that is %s, %s, is %s',
    async (status, code, consentStatus, scaStatus, outcome) => {
      const state = await asked();
      bank.answerWith(({ method }, response) =>
        method === 'GET'
          ? json(response, { consentStatus, scaStatus })
          : json(response, { tppMessages: [{ code }] }, status),
      );
      const told = await answer(state, '123456').then(
        (next) => next.status,
        (error: { code: string }) => error.code,
      );
      expect(told).toBe(outcome);
    },
  );

  test('goes to the bank as it was typed, and nowhere else', async () => {
    const state = await asked();
    answers([{ scaStatus: 'finalised' }], 'valid');
    await answer(state, '"}{');
    expect(JSON.parse(bank.seen[0]!.body)).toEqual({ scaAuthenticationData: '"}{' });
  });
});

test('a session of another make is a bug, and no bank is asked', async () => {
  bank.answerWith((_, response) => json(response, {}));
  await expect(bank.connector.listAccounts(bank.call(), { accessToken: 'x' })).rejects.not.toHaveProperty('code');
  expect(bank.seen).toEqual([]);
});
