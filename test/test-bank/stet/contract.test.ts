import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCertificates, type TestCertificates } from '../../../src/test-bank/certificates/test-certificates.ts';
import { loadScenario } from '../../../src/test-bank/scenario/load-scenario.ts';
import { switchesSchema } from '../../../src/test-bank/scenario/switches.ts';
import type { TestBank } from '../../../src/test-bank/server.ts';
import { certificateSite, signedForStet } from '../certificates/sign.ts';
import { thirdPartyOf } from '../oauth/third-party.ts';
import { noon, openBankAt } from '../support.ts';
import { readStetContract, stetContractIsThere, type StetContract } from './contract.ts';

if (!stetContractIsThere) console.warn('The STET contract is not beside the repository: its tests are skipped.');

/** Habits that keep to the contract; the others exist to violate it. */
const conforming = [
  {},
  { stetVersion: '1.6', balances: 'expected-only', ids: 'none' },
  { stetConsent: 'full-aisp', balances: 'non-standard', pending: 'future-dated', text: 'additional-information' },
  { cards: 'none', dates: 'booking-only', pages: 'none', resourceIds: 'per-consent' },
];

interface Account {
  readonly accountId: object;
  readonly _links: Record<string, { href: string }>;
}

describe.skipIf(!stetContractIsThere)('every call and answer conforms to STET 1.4.0.47', () => {
  let contract: StetContract;
  let certificates: TestCertificates;
  let site: Awaited<ReturnType<typeof certificateSite>>;
  const open: TestBank[] = [];
  beforeAll(async () => {
    [contract, certificates] = await Promise.all([readStetContract(), testCertificates({ now: noon })]);
    site = await certificateSite({ '/qseal.pem': certificates.qseal.certificate });
  });
  afterAll(async () => {
    site.close();
    await Promise.all(open.map((bank) => bank.close()));
  });

  it.each(conforming)('with the switches %j', async (switches) => {
    const scenario = await loadScenario();
    const bank = await openBankAt(noon, {
      scenario: {
        ...scenario,
        bank: {
          ...scenario.bank,
          pageSize: 20,
          switches: switchesSchema.parse({ ...switches, signature: 'required' }),
        },
      },
      certificates: { server: null, trustedRoots: [certificates.root.certificate] },
    });
    open.push(bank);
    const { access_token: token } = await (await thirdPartyOf(bank)).authorise();
    const found: string[] = [];
    async function call(target: string, body?: object, more: Record<string, string> = {}) {
      const method = body === undefined ? 'GET' : 'PUT';
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = signedForStet(
        {
          method,
          target,
          headers: {
            'x-request-id': 'c1a2b3c4-0001',
            'psu-ip-address': '203.0.113.7',
            authorization: `Bearer ${token}`,
            ...(text === undefined ? {} : { 'content-type': 'application/json' }),
            ...more,
          },
          ...(text === undefined ? {} : { body: text }),
        },
        certificates.qseal,
        { keyId: `${site.url}/qseal.pem` },
      );
      const answer = await fetch(`${bank.url}${target}`, {
        method,
        headers,
        ...(text === undefined ? {} : { body: text }),
      });
      const answered = await answer.text();
      const told = { method, target: target.replace(/^\/stet/, ''), headers, ...(body ? { body } : {}) };
      found.push(
        ...contract.problems(told, {
          status: answer.status,
          type: answer.headers.get('content-type'),
          text: answered,
        }),
      );
      return { status: answer.status, json: answered === '' ? null : JSON.parse(answered) };
    }

    const listed: Account[] = (await call('/stet/v1/accounts')).json.accounts;
    const ids = listed.map(({ accountId }) => accountId);
    const put = await call('/stet/v1/consents', {
      balances: ids,
      transactions: ids,
      psuIdentity: true,
      trustedBeneficiaries: true,
    });
    expect(put.status).toBe('stetConsent' in switches ? 501 : 201);
    const accounts: Account[] = (await call('/stet/v1/accounts')).json.accounts;
    expect(accounts.map(({ _links }) => Object.keys(_links))).toEqual(accounts.map(() => ['balances', 'transactions']));
    for (const { _links } of accounts) {
      // oxlint-disable-next-line no-await-in-loop -- one call after the other, as a third party does
      expect((await call(_links['balances']?.href ?? '')).status).toBe(200);
      for (let next = _links['transactions']?.href, pages = 0; next && pages < 4; pages += 1) {
        // oxlint-disable-next-line no-await-in-loop -- a page names the next
        const page = await call(next);
        expect(page.status).toBe(200);
        next = page.json._links.next?.href;
      }
    }
    expect((await call('/stet/v1/end-user-identity')).status).toBe(200);
    expect((await call('/stet/v1/trusted-beneficiaries')).status).toBe(204);
    expect((await call('/stet/v1/accounts/nobody/balances')).status).toBe(404);
    expect((await call('/stet/v1/accounts', undefined, { authorization: 'Bearer nobody' })).status).toBe(401);
    expect((await call(`${accounts[0]?._links['transactions']?.href ?? ''}?dateFrom=soon`)).status).toBe(400);
    bank.bank.faults.trigger({ kind: 'rate-limited', calls: 1, days: 30 });
    expect((await call('/stet/v1/accounts')).status).toBe(429);
    bank.bank.faults.trigger({ kind: 'unavailable', calls: 1, days: 30 });
    expect((await call('/stet/v1/accounts')).status).toBe(503);
    bank.clock.advance(901_000);
    expect((await call('/stet/v1/accounts')).status).toBe(401);
    expect(found).toEqual([]);
  });

  it('and the contract test itself finds what is wrong', () => {
    const request = { method: 'GET', target: '/v1/accounts', headers: { signature: 's', 'x-request-id': 'r' } };
    const wrong = {
      accounts: [{ name: 'x', cashAccountType: 'SVGS', currency: 'EUR', _links: {} }],
      _links: { self: { href: '/' } },
    };
    const answer = { status: 200, type: 'application/hal+json; charset=utf-8', text: JSON.stringify(wrong) };
    expect(contract.problems(request, answer)).toEqual([
      'accountsGet 200 /accounts/0/cashAccountType must be equal to one of the allowed values',
    ]);
    expect(
      contract.problems({ ...request, headers: {} }, { ...answer, status: 418, type: 'text/html' }).length,
    ).toBeGreaterThan(2);
  });
});
