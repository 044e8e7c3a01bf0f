import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import type { BankIdentity } from '../../../src/connectors/bank-identity.ts';
import type { BankCall } from '../../../src/connectors/connector.ts';
import { createStetConnector } from '../../../src/connectors/stet/connector.ts';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import { certificateSite } from '../../test-bank/certificates/sign.ts';
import { thirdPartyCertificates, type Bank } from '../../test-bank/certificates/third-parties.ts';
import { browserWith, decide, follow, returnTo, tlsFetch } from '../../test-bank/oauth/third-party.ts';

let parties: Awaited<ReturnType<typeof thirdPartyCertificates>>;
let site: Awaited<ReturnType<typeof certificateSite>>;
let bank: Bank;
const http = createBankHttp({ retryDelayMilliseconds: 1 });

beforeAll(async () => {
  parties = await thirdPartyCertificates();
  site = await certificateSite({ '/seal.pem': parties.ours.qseal.certificate });
  const strict = { certificate: 'required', signature: 'required', clientAuthentication: 'tls-client-auth' };
  bank = await parties.bankWith(strict);
});
afterAll(async () => {
  site.close();
  await http.close();
  await parties.close();
});

/** The connector of an installation with these parts of an identity. */
function installation(identity: Partial<BankIdentity>) {
  const authorities = parties.ours.root.certificate;
  const whole = { clientId: sandboxThirdParty.clientId, authorities, ...identity };
  const connector = createStetConnector(http, new Map([['default', whole]]));
  const call: BankCall = {
    endpoint: {
      baseUrl: `${bank.url}/stet/v1`,
      timeZone: 'Europe/Paris',
      quirks: { oauth: { issuer: `${bank.url}/oauth` }, isSigned: true },
    },
    clock: bank.clock,
    signal: new AbortController().signal,
    psu: { ipAddress: '192.0.2.7' },
  };
  return { connector, call };
}

const request = { returnUrl: returnTo, state: 's-1', validUntil: '2026-06-08', frequencyPerDay: 4 };

/** Access from the approval of the person to the list of accounts. */
async function listAccounts({ connector, call }: ReturnType<typeof installation>) {
  const started = await connector.startAuthorization(call, request);
  const browser = browserWith(tlsFetch(parties.ours, null));
  const back = new URL(await decide(browser, await follow(browser, started.redirectUrl)));
  const state = await connector.readConsent(call, started.session, Object.fromEntries(back.searchParams));
  if (state.status !== 'ACTIVE') throw new Error(`The consent is ${state.status}.`);
  return connector.listAccounts(call, state.session);
}

test('a bank that wants certificate and seal everywhere is read with them, and without a secret', async () => {
  const { qwac: tls, qseal } = parties.ours;
  const accounts = await listAccounts(installation({ tls, seal: { ...qseal, keyId: `${site.url}/seal.pem` } }));
  expect(accounts.map(({ type }) => type)).toEqual(['CHECKINGS', 'CREDIT_CARD']);
});

test.each<[string, () => Partial<BankIdentity>]>([
  ['no certificate', () => ({})],
  ['a secret in its place', () => ({ clientSecret: sandboxThirdParty.clientSecret })],
  ['the certificate of another', () => ({ tls: parties.other.qwac })],
  ['the certificate of a stranger', () => ({ tls: parties.strangers.qwac })],
  ['no seal', () => ({ tls: parties.ours.qwac })],
  [
    'a seal that the bank does not find',
    () => ({ tls: parties.ours.qwac, seal: { ...parties.ours.qseal, keyId: `${site.url}/none` } }),
  ],
])('%s is the operator’s matter to settle', async (_name, identity) => {
  await expect(listAccounts(installation(identity()))).rejects.toMatchObject({ code: 'CONNECTOR_CONFIG_INVALID' });
});
