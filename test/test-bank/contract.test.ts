import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseScenario } from '../../src/test-bank/scenario/parse-scenario.ts';
import { profiles } from '../../src/test-bank/scenario/profiles.ts';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { contractIsThere, readContract, type Contract } from './contract.ts';
import { consentBody, linkedByApi, psuHeaders } from './linked-by-api.ts';
import { attended, caller, noon, openBankAt, returnTo, type Caller } from './support.ts';

if (!contractIsThere) console.warn('The Berlin Group contract is not beside the repository: its tests are skipped.');

/** The default household at a bank with a profile. Tokens are the matter of other tests: OAuth approaches redirect here. */
async function bankWith(profile: string, switches: object = {}) {
  const household = await loadScenario();
  const { bank: plain, accounts, ...rest } = household;
  const abroad = {
    on: '2026-03-06',
    kind: 'card',
    amount: '-12.30',
    text: 'FERGBURGER',
    foreign: { currency: 'NZD', rate: '1.81' },
  };
  const [first, ...others] = accounts.map((account) => ({
    ...account,
    transactions: [...account.transactions, abroad],
  }));
  if (!first) throw new Error('The household has no account.');
  const iban = 'FR7630006000011234567890189';
  const inDollars = { ...first, id: 'in-dollars', currency: 'USD', iban };
  const travelling = 'multicurrency' in switches ? [{ ...first, iban }, inDollars, ...others] : [first, ...others];
  const { switches: _, scaApproach: __, historyDays, ...habits } = plain;
  const setting = { ...habits, ...(profile === 'ninety-days' ? {} : { historyDays }), pageSize: 20, profile };
  const { scenario, problems } = parseScenario(
    JSON.stringify({ ...rest, accounts: travelling, bank: { ...setting, switches } }),
  );
  if (!scenario) throw new Error(JSON.stringify(problems));
  const isOauth = scenario.bank.scaApproach.startsWith('oauth-');
  return openBankAt(noon, {
    scenario: isOauth ? { ...scenario, bank: { ...scenario.bank, scaApproach: 'redirect' } } : scenario,
  });
}

/** Walks every address of the face and tells what violates the contract, in requests and answers. */
async function walk(bank: Awaited<ReturnType<typeof bankWith>>, contract: Contract): Promise<string[]> {
  const found: string[] = [];
  const watched =
    (call: Caller, operationId: string, status: number, given: Record<string, string>): Caller =>
    async (method, path, options = {}) => {
      const answer = await call(method, path, options);
      expect(`${operationId} ${answer.status} ${answer.text.slice(0, 200)}`).toContain(`${operationId} ${status} `);
      const { pathname, searchParams } = new URL(path, 'http://bank.example');
      const request = {
        method,
        path: `/v1${pathname.replace('/berlin-group/v1', '')}`,
        query: Object.fromEntries(searchParams),
        headers: { 'x-request-id': '11111111-2222-4333-8444-555555555555', ...given, ...options.headers },
        ...(options.body === undefined ? {} : { body: options.body }),
      };
      if (status < 400)
        found.push(...contract.requestProblems(operationId, request).map((problem) => `${operationId} ${problem}`));
      if (answer.json !== null)
        found.push(
          ...contract.problems(operationId, status, answer.json).map((problem) => `${operationId} ${problem}`),
        );
      else if (
        status !== 204 &&
        (status >= 400 || !/^(application\/xml|text\/plain)/.test(answer.headers.get('content-type') ?? ''))
      )
        found.push(`${operationId} the body is ${answer.headers.get('content-type')}`);
      return answer;
    };
  const anyone = (operationId: string, status: number) =>
    watched(caller(bank, attended), operationId, status, attended);
  const { switches } = bank.bank.scenario().bank;
  const access = switches.consentModels.includes('bank-offered')
    ? { accounts: [], balances: [], transactions: [] }
    : { allPsd2: 'allAccounts' };

  const created = await anyone('createConsent', 201)('POST', '/consents', {
    headers: { ...psuHeaders('alice'), 'tpp-redirect-uri': returnTo },
    body: consentBody(access),
  });
  const self = `/consents/${created.json.consentId}`;
  if (switches.authorisationResource === 'own') {
    const started = await anyone('startConsentAuthorisation', 201)('POST', `${self}/authorisations`, {
      headers: psuHeaders('bruno'),
    });
    await anyone('getConsentScaStatus', 200)('GET', `${self}/authorisations/${started.json.authorisationId}`);
    const { updatePsuAuthentication } = started.json._links;
    if (updatePsuAuthentication) {
      const address = updatePsuAuthentication.href as string;
      const update = (status: number) => anyone('updateConsentsPsuData', status);
      await update(200)('PUT', address, {
        headers: psuHeaders('bruno'),
        body: { psuData: { password: 'tributary2' } },
      });
      await update(400)('PUT', address, { body: { scaAuthenticationData: '1' } });
      const [challenge] = bank.bank.challenges.sentTo('bruno');
      await update(200)('PUT', address, { body: { scaAuthenticationData: challenge?.code } });
    }
  } else {
    const body = { psuData: { password: 'tributary2' } };
    const { next } = created.json._links;
    await anyone('updateConsent', 200)('PUT', next.href as string, { headers: psuHeaders('bruno'), body });
  }
  await anyone('deleteConsent', 204)('DELETE', self);

  const { id, call } = await linkedByApi(bank, access);
  const given = { 'consent-id': id, ...attended };
  const data = (operationId: string, status: number) => watched(call, operationId, status, given);
  await anyone('getConsentInformation', 200)('GET', `/consents/${id}`);
  await anyone('getConsentStatus', 200)('GET', `/consents/${id}/status`);
  if (switches.authorisationResource === 'own') {
    await anyone('getConsentAuthorisation', 200)('GET', `/consents/${id}/authorisations`);
  }
  const list = await data('getAccountList', 200)('GET', '/accounts?withBalance=true');
  const path = `/accounts/${list.json.accounts[0].resourceId}`;
  await data('readAccountDetails', 200)('GET', `${path}?withBalance=true`);
  await data('getBalances', 200)('GET', `${path}/balances`);
  for (const bookingStatus of ['booked', 'pending', 'both', 'information']) {
    const isRefused =
      (switches.standingOrders === 'none' && bookingStatus === 'information') ||
      (switches.bookingStatuses === 'booked-only' && ['pending', 'both'].includes(bookingStatus)) ||
      (switches.bookingStatuses === 'separately' && bookingStatus === 'both') ||
      (switches.pending === 'none' && bookingStatus === 'pending');
    const query = `bookingStatus=${bookingStatus}&dateFrom=2026-02-01&withBalance=true`;
    const report = await data('getTransactionList', isRefused ? 400 : 200)('GET', `${path}/transactions?${query}`);
    const [entry] = report.json?.transactions?.booked ?? [];
    if (entry?.transactionId !== undefined && switches.ids === 'stable') {
      await data('getTransactionDetails', 200)('GET', `${path}/transactions/${entry.transactionId}`);
    }
  }
  if (switches.cards === 'card-accounts') {
    const cards = await data('getCardAccountList', 200)('GET', '/card-accounts');
    const card = `/card-accounts/${cards.json.cardAccounts[0].resourceId}`;
    await data('readCardAccountDetails', 200)('GET', card);
    await data('getCardAccountBalances', 200)('GET', `${card}/balances`);
    const cardReport = `${card}/transactions?bookingStatus=booked&dateFrom=2026-01-01`;
    await data('getCardAccountTransactionList', 200)('GET', cardReport);
  }
  await data('getTransactionList', 400)('GET', `${path}/transactions?bookingStatus=never`);
  await data('getAccountList', 401)('GET', '/accounts', { headers: { 'consent-id': 'unknown' } });
  await anyone('getConsentStatus', 403)('GET', '/consents/unknown/status');
  await data('getBalances', 404)('GET', '/accounts/unknown/balances');
  return found;
}

describe.skipIf(!contractIsThere)(
  'requests and answers conform to NextGenPSD2 1.3.11 with the fields of 1.3.16',
  () => {
    let contract: Contract;
    const closing: (() => Promise<void>)[] = [];
    beforeAll(async () => {
      contract = await readContract();
    });
    afterAll(async () => {
      await Promise.all(closing.map((close) => close()));
    });
    const found = async (profile: string, switches: object = {}) => {
      // A service that flaps is the matter of another test.
      const bank = await bankWith(profile, { ...switches, flappingPercent: 0 });
      closing.push(() => bank.close());
      return walk(bank, contract);
    };
    const entries = Object.entries(profiles);

    test.for(entries.filter(([, { violates }]) => violates === null))('with the profile %s', async ([profile]) => {
      expect(await found(profile)).toEqual([]);
    });

    test.for([
      { text: 'structured', dates: 'value-only', resourceIds: 'per-consent' },
      { text: 'additional-information', pending: 'undated', balances: 'interim', codes: 'none' },
      { startAuthorisation: 'explicit', cards: 'accounts', links: 'relative', transactionDetails: 'linked' },
      { transactionDetails: 'linked', links: 'without-prefix', endToEndIds: 'shown', delta: 'all' },
      { amounts: 'one-decimal', text: 'cut-140', dates: 'none', accountNumbers: 'bban' },
      { foreignAmounts: 'exchange', standingOrders: 'shown', balances: 'non-invoiced-cards' },
      { multicurrency: 'aggregation', reportBalances: 'always', ownerNames: 'none' },
    ])('with the switches %j', async (switches) => {
      expect(await found('well-behaved', switches)).toEqual([]);
    });

    test.for(entries.filter(([, { violates }]) => violates !== null))(
      'the profile %s violates it, as it says',
      async ([profile]) => {
        expect(await found(profile)).not.toEqual([]);
      },
    );

    test('an answer and a request that violate the contract are found', () => {
      expect(contract.problems('getAccountList', 200, { accounts: [{ currency: 'eur' }] })).not.toEqual([]);
      const request = { method: 'GET', path: '/v1/accounts', query: {}, headers: {} };
      expect(contract.requestProblems('getAccountList', request)).not.toEqual([]);
    });
  },
);
