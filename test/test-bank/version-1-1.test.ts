import { expect, onTestFinished, test } from 'vitest';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { switchesSchema } from '../../src/test-bank/scenario/switches.ts';
import { consentBody, psuHeaders } from './linked-by-api.ts';
import { caller, noon, openBankAt } from './support.ts';

async function begun(switches: object = { authorisationResource: 'consent' }) {
  const scenario = await loadScenario();
  const bank = await openBankAt(noon, {
    scenario: {
      ...scenario,
      bank: { ...scenario.bank, scaApproach: 'embedded', switches: switchesSchema.parse(switches) },
    },
  });
  onTestFinished(() => bank.close());
  const call = caller(bank, psuHeaders('bruno'));
  const created = await call('POST', '/consents', { body: consentBody() });
  return { bank, call, created: created.json, id: created.json.consentId as string };
}

test('a consent is authorised by PUT to itself, by links that carry authenticationCurrentNumber', async () => {
  const { bank, call, created, id } = await begun();
  const address = `${bank.url}/berlin-group/v1/consents/${id}`;
  const step = { href: `${address}?authenticationCurrentNumber=1` };
  expect(created).toEqual({
    consentStatus: 'received',
    consentId: id,
    _links: { next: step, self: { href: address }, status: { href: `${address}/status` } },
  });
  const asked = await call('PUT', step.href, { body: { psuData: { password: 'tributary2' } } });
  expect(asked.json).toEqual({
    chosenScaMethod: expect.objectContaining({ authenticationMethodId: 'sms' }),
    challengeData: { optMaxLength: 8, optFormat: 'integer', additionalInformation: expect.any(String) },
    _links: { authoriseTransaction: step },
  });
  const [challenge] = bank.bank.challenges.sentTo('bruno');
  const done = await call('PUT', step.href, { body: { scaAuthenticationData: challenge?.code } });
  expect([done.status, done.json]).toEqual([200, { _links: {} }]);
  expect((await call('GET', `/consents/${id}/status`)).json).toEqual({ consentStatus: 'valid' });
});

test.for([
  ['', 400],
  ['?authenticationCurrentNumber=2', 400],
  ['/authorisations', 404],
] as const)('PUT to the consent with %j is refused, and changes nothing', async ([rest, status]) => {
  const { bank, call, id } = await begun();
  const before = bank.bank.consents.find(id);
  const answer = await call(rest === '/authorisations' ? 'POST' : 'PUT', `/consents/${id}${rest}`, {
    body: { psuData: { password: 'tributary2' } },
  });
  expect(answer.status).toBe(status);
  expect(bank.bank.consents.find(id)).toEqual(before);
});

test('elsewhere a consent cannot be PUT', async () => {
  const { call, id } = await begun({});
  const answer = await call('PUT', `/consents/${id}?authenticationCurrentNumber=1`, {
    body: { psuData: { password: 'tributary2' } },
  });
  expect([answer.status, answer.json.tppMessages[0].code]).toEqual([405, 'SERVICE_INVALID']);
  expect((await call('GET', `/consents/${id}/status`)).json).toEqual({ consentStatus: 'received' });
});
