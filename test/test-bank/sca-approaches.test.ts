import { describe, expect, onTestFinished, test } from 'vitest';
import { approveAt, attended, caller, noon, openBankAt, returnTo, scenarioOf } from './support.ts';
import { consentBody, psuHeaders } from './linked-by-api.ts';

const people = [
  { id: 'free', name: 'Free', login: 'free', password: 'p' },
  { id: 'sms', name: 'Sms', login: 'sms', password: 'p', challenge: { kind: 'otp', attempts: 3 } },
  {
    id: 'many',
    name: 'Many',
    login: 'many',
    password: 'p',
    challenge: { kind: 'otp', methods: ['sms', 'chip', 'app'] },
  },
];
const accounts = people.map(({ id }) => ({
  id: `${id}-account`,
  owners: [id],
  type: 'checking',
  name: 'Account',
  openingBalance: '10',
}));

async function openAs(scaApproach: string, switches: object = {}) {
  const scenario = scenarioOf({
    seed: 's',
    epoch: '2026-01-01',
    bank: { name: 'B', scaApproach, switches },
    people,
    accounts,
  });
  const bank = await openBankAt(noon, { scenario });
  onTestFinished(() => bank.close());
  const call = caller(bank, attended);
  const request = async (login: string) =>
    call('POST', '/consents', { headers: psuHeaders(login), body: consentBody({ allPsd2: 'allAccounts' }) });
  const statusOf = async (id: string) => (await call('GET', `/consents/${id}/status`)).json.consentStatus as string;
  const accountsOf = async (id: string) =>
    (await call('GET', '/accounts', { headers: { 'consent-id': id } })).json.accounts?.length ?? 0;
  const codeOf = (personId: string) => bank.bank.challenges.sentTo(personId)[0]?.code ?? '';
  return { bank, call, request, statusOf, accountsOf, codeOf };
}

describe('embedded', () => {
  const start = async (house: Awaited<ReturnType<typeof openAs>>, login: string) => {
    const created = await house.request(login);
    expect(created.headers.get('aspsp-sca-approach')).toBe('EMBEDDED');
    const id = created.json.consentId as string;
    const self = new URL(created.json._links.updatePsuAuthentication.href as string).pathname.slice(16);
    const put = (body: object) => house.call('PUT', self, { headers: psuHeaders(login), body });
    return { id, self, put };
  };

  test('a person without a second factor is through with the password', async () => {
    const house = await openAs('embedded');
    const { id, put } = await start(house, 'free');
    expect((await put({ psuData: { password: 'p' } })).json.scaStatus).toBe('exempted');
    expect([await house.statusOf(id), await house.accountsOf(id)]).toEqual(['valid', 1]);
  });

  test('a person with one method gives the code that the phone shows; a wrong one counts', async () => {
    const house = await openAs('embedded');
    const { id, put } = await start(house, 'sms');
    const authenticated = await put({ psuData: { password: 'p' } });
    expect(authenticated.json).toMatchObject({
      scaStatus: 'scaMethodSelected',
      chosenScaMethod: { authenticationType: 'SMS_OTP' },
      challengeData: { otpFormat: 'integer' },
      _links: { authoriseTransaction: {} },
    });
    const wrong = await put({ scaAuthenticationData: '1' });
    expect([wrong.status, wrong.json.tppMessages[0].code, await house.statusOf(id)]).toEqual([
      400,
      'SCA_INVALID',
      'received',
    ]);
    expect((await put({ scaAuthenticationData: house.codeOf('sms') })).json.scaStatus).toBe('finalised');
    expect([await house.statusOf(id), await house.accountsOf(id)]).toEqual(['valid', 1]);
  });

  test('the last wrong code ends the authorisation, rejects the consent and locks the person', async () => {
    const house = await openAs('embedded');
    const { id, self, put } = await start(house, 'sms');
    await put({ psuData: { password: 'p' } });
    for (const code of ['1', '2', '3']) expect((await put({ scaAuthenticationData: code })).status).toBe(400);
    expect([await house.statusOf(id), (await house.call('GET', self)).json.scaStatus]).toEqual(['rejected', 'failed']);
    expect(await house.accountsOf(id)).toBe(0);
    const again = await start(house, 'sms');
    const locked = await again.put({ psuData: { password: 'p' } });
    expect([locked.status, locked.json.tppMessages[0].code]).toEqual([403, 'SERVICE_BLOCKED']);
  });

  test('a person with several methods chooses one, and may choose the app', async () => {
    const house = await openAs('embedded');
    const { id, put } = await start(house, 'many');
    const authenticated = await put({ psuData: { password: 'p' } });
    expect(authenticated.json.scaStatus).toBe('psuAuthenticated');
    expect(
      authenticated.json.scaMethods.map((method: { authenticationMethodId: string }) => method.authenticationMethodId),
    ).toEqual(['sms', 'chip', 'app']);
    expect((await put({ authenticationMethodId: 'pigeon' })).json.tppMessages[0].code).toBe('SCA_METHOD_UNKNOWN');
    const chip = await put({ authenticationMethodId: 'chip' });
    expect(chip.json.challengeData.data).toEqual([expect.stringMatching(/^\d{8}$/)]);
    const app = await put({ authenticationMethodId: 'app' });
    expect([app.json.scaStatus, app.headers.get('aspsp-sca-approach')]).toEqual(['started', 'DECOUPLED']);
    const [challenge] = house.bank.bank.challenges.sentTo('many');
    house.bank.bank.challenges.decide(challenge!.id, true);
    expect(await house.statusOf(id)).toBe('valid');
  });

  test('a step out of turn, a wrong password and a late code change nothing for the better', async () => {
    const house = await openAs('embedded');
    const { id, put } = await start(house, 'sms');
    expect((await put({ scaAuthenticationData: '123456' })).status).toBe(409);
    expect((await put({ psuData: { password: 'wrong' } })).json.tppMessages[0].code).toBe('PSU_CREDENTIALS_INVALID');
    await put({ psuData: { password: 'p' } });
    house.bank.clock.advance(301_000);
    expect((await put({ scaAuthenticationData: house.codeOf('sms') })).status).toBe(400);
    expect(await house.statusOf(id)).toBe('rejected');
  });

  test('started explicitly with the password in one call', async () => {
    const house = await openAs('embedded', { startAuthorisation: 'explicit' });
    const created = await house.request('free');
    const { href } = created.json._links.startAuthorisationWithPsuAuthentication;
    const started = await house.call('POST', href as string, {
      headers: psuHeaders('free'),
      body: { psuData: { password: 'p' } },
    });
    expect([started.status, started.json.scaStatus]).toEqual([201, 'exempted']);
    expect(await house.statusOf(created.json.consentId as string)).toBe('valid');
  });

  test('what cannot start an authorisation is refused and starts none', async () => {
    const house = await openAs('embedded', { startAuthorisation: 'explicit' });
    const created = await house.request('free');
    const path = `/consents/${created.json.consentId}/authorisations`;
    const start = async (headers: Record<string, string>, body: object) => {
      const { status, json } = await house.call('POST', path, { headers, body });
      return [status, json.tppMessages[0].code];
    };
    expect(await start({}, { psuData: { password: 'p' } })).toEqual([400, 'FORMAT_ERROR']);
    expect(await start(psuHeaders('free'), { scaAuthenticationData: '1' })).toEqual([400, 'SERVICE_INVALID']);
    expect(await start(psuHeaders('free'), { nonsense: 1 })).toEqual([400, 'FORMAT_ERROR']);
    expect((await house.call('GET', path)).json).toEqual({ authorisationIds: [] });
  });

  test.for([
    ['credentials_invalid', 401, 'PSU_CREDENTIALS_INVALID'],
    ['account_locked', 403, 'SERVICE_BLOCKED'],
    ['bank_user_action_required', 403, 'SERVICE_BLOCKED'],
  ] as const)('error.%s answers %i %s', async ([code, status, bankCode]) => {
    const house = await openAs('embedded');
    const { put } = await start(house, `error.${code}`);
    const answer = await put({ psuData: { password: 'any' } });
    expect([answer.status, answer.json.tppMessages[0].code]).toEqual([status, bankCode]);
  });
});

describe('decoupled', () => {
  test('the person approves in the app, and the next look at the consent finds it valid', async () => {
    const house = await openAs('decoupled');
    const created = await house.request('free');
    expect(created.headers.get('aspsp-sca-approach')).toBe('DECOUPLED');
    expect(created.json).toMatchObject({ scaStatus: 'started', psuMessage: 'Please approve in the app of B.' });
    const id = created.json.consentId as string;
    expect(await house.statusOf(id)).toBe('received');
    house.bank.bank.challenges.decide(house.bank.bank.challenges.sentTo('free')[0]!.id, true);
    expect([await house.accountsOf(id), await house.statusOf(id)]).toEqual([1, 'valid']);
  });

  test('a no in the app and a question that nobody answers reject the consent', async () => {
    const house = await openAs('decoupled');
    const refused = await house.request('free');
    house.bank.bank.challenges.decide(house.bank.bank.challenges.sentTo('free')[0]!.id, false);
    expect(await house.statusOf(refused.json.consentId as string)).toBe('rejected');
    const late = await house.request('free');
    house.bank.clock.advance(301_000);
    expect(await house.statusOf(late.json.consentId as string)).toBe('rejected');
  });

  test('whom to ask is told when the consent is requested, or later', async () => {
    const house = await openAs('decoupled');
    const unknown = await house.request('nobody');
    expect([unknown.status, unknown.json.tppMessages[0].code]).toEqual([401, 'PSU_CREDENTIALS_INVALID']);
    const created = await house.call('POST', '/consents', { body: consentBody({ allPsd2: 'allAccounts' }) });
    const { href } = created.json._links.updatePsuIdentification;
    const identified = await house.call('PUT', href as string, { headers: psuHeaders('free'), body: {} });
    expect(identified.json.scaStatus).toBe('started');
    const strict = await openAs('decoupled', { psuId: 'required' });
    const refused = await strict.call('POST', '/consents', { body: consentBody() });
    expect([refused.status, refused.json.tppMessages[0].path]).toEqual([400, 'PSU-ID']);
  });

  test.for(['sca_failed', 'sca_timeout', 'consent_rejected'])('error.%s rejects the consent', async (code) => {
    const house = await openAs('decoupled');
    const created = await house.request(`error.${code}`);
    expect(await house.statusOf(created.json.consentId as string)).toBe('rejected');
  });
});

describe('confirmation of the return', () => {
  const returned = async () => {
    const house = await openAs('redirect', { confirmation: 'code' });
    const created = await house.call('POST', '/consents', {
      headers: { 'tpp-redirect-uri': returnTo },
      body: consentBody({ allPsd2: 'allAccounts' }),
    });
    const location = await approveAt(created.json._links.scaRedirect.href as string, 'free', 'p');
    const code = new URL(location ?? '').searchParams.get('confirmationCode');
    return { house, id: created.json.consentId as string, code, href: created.json._links.confirmation.href as string };
  };

  test('the consent is valid once the third party has handed back the code of the return address', async () => {
    const { house, id, code, href } = await returned();
    expect([await house.statusOf(id), (await house.call('GET', href)).json.scaStatus]).toEqual([
      'received',
      'unconfirmed',
    ]);
    expect(await house.accountsOf(id)).toBe(0);
    expect((await house.call('PUT', href, { body: { confirmationCode: code } })).json.scaStatus).toBe('finalised');
    expect([await house.statusOf(id), await house.accountsOf(id)]).toEqual(['valid', 1]);
  });

  test('a wrong code rejects it', async () => {
    const { house, id, href } = await returned();
    expect((await house.call('PUT', href, { body: { confirmationCode: 'guess' } })).status).toBe(400);
    expect(await house.statusOf(id)).toBe('rejected');
  });
});
