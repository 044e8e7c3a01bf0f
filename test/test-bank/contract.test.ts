import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { switchesSchema } from '../../src/test-bank/scenario/switches.ts';
import { contractIsThere, readContract, type Contract } from './contract.ts';
import { attended, caller, linked, noon, openBankAt, requestConsent } from './support.ts';

if (!contractIsThere) console.warn('The Berlin Group contract is not beside the repository: its tests are skipped.');

/** Habits that keep to the contract; the others exist to violate it. */
const conforming = [
  {},
  { ids: 'none' },
  { text: 'array-shuffled', links: 'relative' },
  { text: 'structured', dates: 'value-only', resourceIds: 'per-consent' },
  { text: 'additional-information', pending: 'undated', balances: 'expected-only' },
  { startAuthorisation: 'explicit', cards: 'accounts', links: 'empty-object' },
  { errors: 'problem-json', validUntil: 'shortened', pages: 'none' },
];

describe.skipIf(!contractIsThere)('answers conform to NextGenPSD2 1.3.11 with the fields of 1.3.16', () => {
  let contract: Contract;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    contract = await readContract();
  });
  afterAll(async () => {
    await Promise.all(closing.map((close) => close()));
  });

  test.for(conforming)('with the switches %j', async (switches) => {
    const scenario = await loadScenario();
    const bank = await openBankAt(noon, {
      scenario: { ...scenario, bank: { ...scenario.bank, pageSize: 20, switches: switchesSchema.parse(switches) } },
    });
    closing.push(() => bank.close());
    const found: string[] = [];
    const check = (operationId: string, answer: { status: number; json: unknown; text: string }, status: number) => {
      expect(`${operationId} ${answer.status} ${answer.text.slice(0, 200)}`).toContain(`${operationId} ${status} `);
      found.push(...contract.problems(operationId, status, answer.json).map((problem) => `${operationId} ${problem}`));
    };
    const anyone = caller(bank, attended);
    if (switches.startAuthorisation === undefined) {
      const { answer } = await requestConsent(anyone);
      check('createConsent', answer, 201);
      const self = `/consents/${answer.json.consentId}`;
      const { authorisationIds } = (await anyone('GET', `${self}/authorisations`)).json;
      check('getConsentScaStatus', await anyone('GET', `${self}/authorisations/${authorisationIds[0]}`), 200);
      const { id, call } = await linked(bank, { allPsd2: 'allAccountsWithOwnerName' });
      check('getConsentInformation', await anyone('GET', `/consents/${id}`), 200);
      check('getConsentStatus', await anyone('GET', `/consents/${id}/status`), 200);
      check('getConsentAuthorisation', await anyone('GET', `/consents/${id}/authorisations`), 200);
      const list = await call('GET', '/accounts?withBalance=true');
      check('getAccountList', list, 200);
      const path = `/accounts/${list.json.accounts[0].resourceId}`;
      check('readAccountDetails', await call('GET', `${path}?withBalance=true`), 200);
      check('getBalances', await call('GET', `${path}/balances`), 200);
      const report = await call('GET', `${path}/transactions?bookingStatus=both&dateFrom=2026-02-01&withBalance=true`);
      check('getTransactionList', report, 200);
      const [entry] = report.json.transactions.booked;
      if (entry.transactionId !== undefined) {
        check('getTransactionDetails', await call('GET', `${path}/transactions/${entry.transactionId}`), 200);
      }
      const cards = await call('GET', '/card-accounts?withBalance=true');
      check('getCardAccountList', cards, 200);
      const card = `/card-accounts/${cards.json.cardAccounts[0].resourceId}`;
      check('readCardAccountDetails', await call('GET', card), 200);
      check('getCardAccountBalances', await call('GET', `${card}/balances`), 200);
      check(
        'getCardAccountTransactionList',
        await call('GET', `${card}/transactions?bookingStatus=both&dateFrom=2026-01-01`),
        200,
      );
      check('getTransactionList', await call('GET', `${path}/transactions?bookingStatus=never`), 400);
      check('getAccountList', await call('GET', '/accounts', { headers: { 'consent-id': 'unknown' } }), 401);
      check('getConsentStatus', await anyone('GET', '/consents/unknown/status'), 403);
      check('getBalances', await call('GET', '/accounts/unknown/balances'), 404);
      check(
        'getTransactionList',
        await call('GET', `${path}/transactions?bookingStatus=both&dateFrom=2026-02-01`, {
          headers: { accept: 'application/xml' },
        }),
        406,
      );
    } else {
      const consent = await anyone('POST', '/consents', {
        headers: { 'tpp-redirect-uri': 'http://app.example/' },
        body: {
          access: { availableAccounts: 'allAccounts' },
          recurringIndicator: false,
          validUntil: '2026-04-01',
          frequencyPerDay: 1,
          combinedServiceIndicator: false,
        },
      });
      check('createConsent', consent, 201);
      check(
        'startConsentAuthorisation',
        await anyone('POST', `/consents/${consent.json.consentId}/authorisations`),
        201,
      );
    }
    expect(found).toEqual([]);
  });

  test('the contract refuses an answer that violates it', () => {
    expect(contract.problems('getAccountList', 200, { accounts: [{ currency: 'eur' }] })).not.toEqual([]);
  });
});
