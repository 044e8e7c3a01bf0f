import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testCertificates, type TestCertificates } from '../../../src/test-bank/certificates/test-certificates.ts';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import { noon, openBankAt, scenarioOf } from '../support.ts';
import { householdWith } from './household.ts';
import { thirdPartyOf, tlsFetch } from './third-party.ts';

let ours: TestCertificates;
let other: TestCertificates;
let strangers: TestCertificates;
let bank: Awaited<ReturnType<typeof openBankAt>>;

beforeAll(async () => {
  [ours, strangers] = await Promise.all([testCertificates({ now: noon }), testCertificates({ now: noon })]);
  other = await testCertificates({ now: noon, organizationIdentifier: 'PSDDE-BAFIN-77', issuer: ours.root });
  const second = { ...sandboxThirdParty, clientId: 'PSDDE-BAFIN-77' };
  bank = await openBankAt(noon, {
    scenario: scenarioOf({
      ...householdWith({ switches: { clientAuthentication: 'tls-client-auth', certificate: 'required' } }),
      thirdParties: [sandboxThirdParty, second],
    }),
    certificates: { server: ours.server, trustedRoots: [ours.root.certificate] },
  });
});
afterAll(() => bank.close());

const byCertificate = { clientAuth: oauth.TlsClientAuth() };

async function refused(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'nothing failed';
  } catch (error) {
    return error instanceof oauth.ResponseBodyError ? error.error : String(error);
  }
}

async function accounts(holder: TestCertificates, token: string) {
  const answer = await tlsFetch(ours, holder.qwac)(`${bank.url}/stet/v1/accounts`, {
    headers: { authorization: `Bearer ${token}`, 'x-request-id': 'r1', 'psu-ip-address': '203.0.113.7' },
  });
  const body = (await answer.json()) as { message?: string };
  return `${answer.status} ${body.message?.split(':')[0] ?? ''}`;
}

it('is how a third party with a QWAC completes code flow and refresh, with tokens bound to it (RFC 8705)', async () => {
  const thirdParty = await thirdPartyOf(bank, { ...byCertificate, fetcher: tlsFetch(ours, ours.qwac) });
  expect(thirdParty.server.token_endpoint_auth_methods_supported).toEqual(['tls_client_auth']);
  const tokens = await thirdParty.authorise();
  const refreshed = await thirdParty.refresh(tokens.refresh_token ?? '');
  expect(refreshed.scope).toBe('aisp');
  expect(await accounts(ours, refreshed.access_token)).toBe('200 ');
  expect(await accounts(other, refreshed.access_token)).toBe('401 TOKEN_INVALID');
  const renewed = await testCertificates({ now: noon, issuer: ours.root });
  expect(await accounts(renewed, refreshed.access_token)).toBe('401 TOKEN_INVALID');
});

it('refuses the certificate of another third party, of a stranger, and a secret in its place', async () => {
  const right = await thirdPartyOf(bank, { ...byCertificate, fetcher: tlsFetch(ours, ours.qwac) });
  const { refresh_token: token = '' } = await right.authorise();
  const stolen = await thirdPartyOf(bank, { ...byCertificate, fetcher: tlsFetch(ours, other.qwac) });
  expect(await refused(stolen.refresh(token))).toBe('invalid_client');
  const stranger = await thirdPartyOf(bank, { ...byCertificate, fetcher: tlsFetch(ours, strangers.qwac) });
  expect(await refused(stranger.refresh(token))).toBe('invalid_client');
  const secret = await thirdPartyOf(bank, {
    clientAuth: oauth.ClientSecretPost(sandboxThirdParty.clientSecret),
    fetcher: tlsFetch(ours, ours.qwac),
  });
  expect(await refused(secret.refresh(token))).toBe('invalid_client');
  expect((await right.refresh(token)).scope).toBe('aisp');
});
