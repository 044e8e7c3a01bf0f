import { describe, expect, onTestFinished, test } from 'vitest';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import type { BankIdentity } from '../../../src/connectors/bank-identity.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import type { BankCall } from '../../../src/connectors/connector.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import { testCertificates } from '../../../src/test-bank/certificates/test-certificates.ts';
import { startTestBank } from '../../../src/test-bank/server.ts';
import { scenarioOf } from '../../test-bank/support.ts';

const now = new Date();
const certificates = await testCertificates({ now });
const whole: BankIdentity = {
  clientId: 'PSDFR-ACPR-12345',
  tls: certificates.qwac,
  seal: certificates.qseal,
  authorities: certificates.root.certificate,
};

/** A bank over TLS that wants our certificate and our seal on each call, in the given approach. */
async function signInAt(scaApproach: string, identity: BankIdentity, isSigned = true) {
  const clock = manualClock(now);
  const scenario = scenarioOf({
    seed: 's',
    epoch: '2025-01-01',
    bank: { name: 'B', scaApproach, switches: { certificate: 'required', signature: 'required' } },
    people: [{ id: 'a', name: 'Alice', login: 'alice', password: 'tributary1', challenge: { kind: 'none' } }],
    accounts: [{ id: 'c', owners: ['a'], type: 'checking', name: 'Compte', openingBalance: '1', transactions: [] }],
  });
  const { server, root } = certificates;
  const bank = await startTestBank({ clock, scenario, certificates: { server, trustedRoots: [root.certificate] } });
  const identities = new Map([['default', identity]]);
  const http = createBankHttp({ clock, identities, retryDelayMilliseconds: 1 });
  onTestFinished(async () => {
    await http.close();
    await bank.close();
  });
  const connector = createBerlinGroupConnector(http, identities);
  const call: BankCall = {
    endpoint: { baseUrl: `${bank.url}/berlin-group/v1`, timeZone: 'Europe/Paris', quirks: { isSigned } },
    clock,
    signal: new AbortController().signal,
    psu: { ipAddress: '192.0.2.7' },
  };
  const request = {
    credentials: { psuId: 'alice', password: 'tributary1' },
    session: null,
    returnUrl: 'https://us.example/return',
    state: 's',
    validUntil: new Date(now.getTime() + 30 * 86_400_000).toISOString().slice(0, 10),
    frequencyPerDay: 4,
  };
  return { bank, connector, call, request };
}

describe('a bank that wants our certificate and our seal', () => {
  test('gets both on every call, from the consent to the last page', async () => {
    const { bank, connector, call, request } = await signInAt('embedded', whole);
    const state = await connector.signIn!.begin(call, request);
    expect(state.status).toBe('SIGNED_IN');
    const [account] = await connector.listAccounts(call, state.session);
    expect(await connector.readBalances(call, state.session, account!)).toHaveLength(2);
    await connector.revokeConsent(call, state.session);
    const calls = bank.bank.calls.after(0);
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['POST', 'PUT', 'GET', 'DELETE']));
    for (const { headers, status } of calls) {
      expect(headers).toMatchObject({ digest: expect.any(String), signature: expect.any(String) });
      expect(status).toBeLessThan(300);
    }
  });

  test.each([
    ['without a seal', { ...whole, seal: undefined }, true],
    ['without signing', whole, false],
    ['without a certificate', { ...whole, tls: undefined }, true],
  ])('says %s that the operator must act', async (_, { seal, tls, ...identity }, isSigned) => {
    const given = { ...identity, ...(seal ? { seal } : {}), ...(tls ? { tls } : {}) };
    const { connector, call, request } = await signInAt('embedded', given, isSigned);
    await expect(connector.signIn!.begin(call, request)).rejects.toMatchObject({ code: 'CONNECTOR_CONFIG_INVALID' });
  });
});
