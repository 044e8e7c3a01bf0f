import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { profiles } from '../../src/test-bank/scenario/profiles.ts';
import { parseScenario } from '../../src/test-bank/scenario/parse-scenario.ts';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { switchesSchema } from '../../src/test-bank/scenario/switches.ts';
import { household } from './household.ts';
import { attended, caller, noon, openBankAt } from './support.ts';

describe('entries', () => {
  test('sequential ids are numbers that grow with the books', async () => {
    const { booked } = await household({ ids: 'sequential' });
    const ids = (await booked()).map((entry) => Number(entry['transactionId']));
    expect(ids).toEqual(ids.toSorted((left, right) => right - left));
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.for([
    [{ text: 'narrative' }, 'additionalInformation', /^atmPosName: .*, narrative: \['.*'\]$/],
    [{ text: 'labelled' }, 'remittanceInformationUnstructured', /^mandatereference:.*,remittanceinformation:/],
    [{ text: 'escaped' }, 'remittanceInformationUnstructured', /^[A-Za-z0-9 \\]*$/],
    [{ text: 'semicolons' }, 'remittanceInformationUnstructured', /^\/Txt\/D\|[^ ]*$/],
    [{ text: 'overlong' }, 'remittanceInformationUnstructured', /^.{141,}$/],
  ] as const)('%j', async ([switches, field, form]) => {
    const { booked } = await household(switches);
    for (const entry of await booked()) expect(entry[field]).toMatch(form);
  });

  test('keywords are cut across lines, so that one is split somewhere', async () => {
    const { booked } = await household({ text: 'keyword-split' });
    const lines = (await booked()).map((entry) => entry['remittanceInformationUnstructuredArray'] as string[]);
    expect(lines.every((entry) => entry.join('').includes('End-to-End-Ref.: NOTPROVIDED'))).toBe(true);
    expect(lines.some((entry) => !entry.join('\n').includes('End-to-End-Ref.:'))).toBe(true);
  });

  test('the payee is hidden, in the text, or the holder stands in his place', async () => {
    const names = async (parties: string) =>
      (await (await household({ parties })).booked()).map((entry) => entry['creditorName'] ?? null);
    expect(new Set(await names('none'))).toEqual(new Set([null]));
    expect(new Set(await names('holder'))).toEqual(new Set([null]));
    const [entry] = (await (await household({ parties: 'in-text' })).booked()).filter(
      (each) => each['bankTransactionCode'] === 'PMNT-CCRD-POSD',
    );
    expect(entry?.['remittanceInformationUnstructured']).toMatch(/^BEA, Betaalpas .*,PAS123$/);
  });

  test('the running balance after the newest entry is the balance of the account', async () => {
    const { booked, call, path } = await household({ runningBalance: 'shown' });
    const [newest] = await booked();
    const { balances } = (await call('GET', `${path}/balances`)).json;
    expect(newest?.['balanceAfterTransaction'].balanceAmount).toEqual(balances[0].balanceAmount);
  });

  test('a value date moves some days after the booking, and an id does not', async () => {
    const { bank, booked } = await household({ dates: 'shifting-value' });
    const [before] = await booked('dateFrom=2026-03-09');
    bank.clock.advance(5 * 86_400_000);
    const after = (await booked('dateFrom=2026-03-09')).find(
      (entry) => entry['transactionId'] === before!['transactionId'],
    );
    expect(after?.['bookingDate']).toBe(before!['bookingDate']);
    expect(after?.['valueDate'] > before!['valueDate']).toBe(true);
  });

  test('entries link to their details, and the link answers', async () => {
    const { booked, call } = await household({ transactionDetails: 'linked' });
    const [entry] = await booked();
    const details = await call('GET', entry!['_links'].transactionDetails.href as string);
    expect(details.json.transactionsDetails.transactionId).toBe(entry!['transactionId']);
  });

  test('card debits are positive, and only a bank that declares it inverts the balance as well', async () => {
    const cardOf = async (sign: string) => {
      const { call } = await household({ sign });
      const [card] = (await call('GET', '/card-accounts?withBalance=true')).json.cardAccounts;
      const report = await call(
        'GET',
        `/card-accounts/${card.resourceId}/transactions?bookingStatus=booked&dateFrom=2026-03-01`,
      );
      return { card, entry: report.json.cardTransactions.booked[0].transactionAmount.amount as string };
    };
    const plain = await cardOf('signed');
    const secret = await cardOf('inverted-cards');
    const declared = await cardOf('debit-accounting');
    expect([secret.entry, declared.entry]).toEqual([plain.entry.slice(1), plain.entry.slice(1)]);
    expect([secret.card.debitAccounting, declared.card.debitAccounting]).toEqual([undefined, true]);
    const balanceOf = ({ card }: typeof plain) => Number(card.balances[0].balanceAmount.amount);
    expect([balanceOf(secret), balanceOf(declared)]).toEqual([balanceOf(plain), -balanceOf(plain)]);
  });
});

describe('protocol', () => {
  test.for([
    ['masked-pan-in-iban', { iban: expect.stringMatching(/^3752X/) }],
    ['bban', { bban: expect.stringMatching(/^\d{21}/) }],
    ['dashed', { iban: expect.stringMatching(/^FR\d\d-/) }],
  ] as const)('account numbers: %s', async ([accountNumbers, shape]) => {
    const { account } = await household({ accountNumbers });
    expect(account).toMatchObject(shape);
  });

  test('numbered pages join to the whole', async () => {
    const whole = await (await household({ pages: 'none' })).booked();
    const { call, path } = await household({ pages: 'page-number' });
    const joined: unknown[] = [];
    for (
      let next: string | undefined = `${path}/transactions?bookingStatus=booked&dateFrom=2026-02-01&itemsPerPage=7`;
      next;
    ) {
      const answer: Awaited<ReturnType<typeof call>> = await call('GET', next);
      const { transactions } = answer.json;
      joined.push(...transactions.booked);
      next = transactions._links.next?.href;
    }
    expect(joined).toEqual(whole);
  });

  test('the last page of an endless report links to itself', async () => {
    const { call, path } = await household({ pages: 'endless' });
    const first = await call('GET', `${path}/transactions?bookingStatus=booked&dateFrom=2026-03-01`);
    const again = await call('GET', first.json.transactions._links.next.href as string);
    expect(again.json.transactions.booked).toEqual(first.json.transactions.booked);
    expect(again.json.transactions._links.next).toEqual(first.json.transactions._links.next);
  });

  test('a delta report shows what is new since the last one', async () => {
    const { bank, booked } = await household({ delta: 'all' });
    const first = await booked('deltaList=true');
    expect(first.length).toBeGreaterThan(100);
    expect(await booked('deltaList=true')).toEqual([]);
    bank.clock.advance(7 * 86_400_000);
    const later = await booked('deltaList=true');
    expect(later).toEqual(await booked('dateFrom=2026-03-11'));
    expect(later.length).toBeGreaterThan(0);
  });

  const refusal = async (switches: object, query: string, more: object = {}) => {
    const { call, path } = await household(switches, more);
    const { status, json } = await call('GET', `${path}/transactions?${query}`);
    return [status, json.tppMessages?.[0].code, json.tppMessages?.[0].path];
  };

  test.for([
    [{ delta: 'none' }, 'bookingStatus=booked&entryReferenceFrom=x', 'PARAMETER_NOT_SUPPORTED', 'entryReferenceFrom'],
    [{}, 'bookingStatus=booked&deltaList=true', 'PARAMETER_NOT_SUPPORTED', 'deltaList'],
    [{ delta: 'all' }, 'bookingStatus=booked&deltaList=true&entryReferenceFrom=x', 'FORMAT_ERROR', 'deltaList'],
    [{ bookingStatuses: 'booked-only' }, 'bookingStatus=pending', 'PARAMETER_NOT_SUPPORTED', 'bookingStatus'],
    [
      { bookingStatuses: 'separately' },
      'bookingStatus=both&dateFrom=2026-01-01',
      'PARAMETER_NOT_SUPPORTED',
      'bookingStatus',
    ],
    [{ oldDates: 'refused' }, 'bookingStatus=booked&dateFrom=2020-01-01', 'PERIOD_INVALID', 'dateFrom'],
    [{ pages: 'page-number' }, 'bookingStatus=booked&dateFrom=2026-01-01&pageIndex=-1', 'FORMAT_ERROR', 'pageIndex'],
  ] as const)('%j refuses %s with %s', async ([switches, query, code, path]) => {
    expect(await refusal(switches, query)).toEqual([400, code, path]);
  });

  test('dates are ignored where the bank ignores them', async () => {
    const { booked } = await household({ dateFilter: 'ignored', pages: 'none' });
    expect((await booked('dateFrom=2026-03-09')).length).toBeGreaterThan(500);
  });

  test('models of consent that a bank does not grant are refused with SERVICE_INVALID', async () => {
    const scenario = await loadScenario();
    const switches = switchesSchema.parse({ consentModels: ['global'] });
    const bank = await openBankAt(noon, { scenario: { ...scenario, bank: { ...scenario.bank, switches } } });
    onTestFinished(() => bank.close());
    const codeOf = async (access: object) =>
      (
        await caller(bank)('POST', '/consents', {
          headers: { ...attended, 'tpp-redirect-uri': 'http://app.example/' },
          body: {
            access,
            recurringIndicator: false,
            validUntil: '2026-08-01',
            frequencyPerDay: 1,
            combinedServiceIndicator: false,
          },
        })
      ).json.tppMessages?.[0].code;
    expect(await codeOf({ accounts: [], balances: [] })).toBe('SERVICE_INVALID');
    expect(await codeOf({ availableAccounts: 'allAccounts' })).toBe('SERVICE_INVALID');
    expect(await codeOf({ allPsd2: 'allAccounts' })).toBeUndefined();
  });

  test('data without the address of the person is refused where the bank always wants it', async () => {
    const { bank, id } = await household({ psuIpAddress: 'always' });
    const answer = await caller(bank, { 'consent-id': id })('GET', '/accounts');
    expect([answer.status, answer.json.tppMessages[0].path]).toEqual([400, 'PSU-IP-Address']);
  });

  test('a wrong method is 405 with what is allowed, a wrong path 404', async () => {
    const { call } = await household({});
    const wrong = await call('PUT', '/accounts');
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await call('POST', '/nothing')).status).toBe(404);
    expect((await call('DELETE', '/accounts/1/balances')).headers.get('allow')).toBe('GET');
  });

  test('a bank that flaps goes on where it was after a restart', async () => {
    const scenario = await loadScenario();
    const switches = switchesSchema.parse({ flappingPercent: 50 });
    const directory = await mkdtemp(join(tmpdir(), 'test-bank-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const statuses = async (stateFile: string, count: number) => {
      const bank = await openBankAt(noon, {
        stateFile: join(directory, stateFile),
        scenario: { ...scenario, bank: { ...scenario.bank, switches } },
      });
      const found: number[] = [];
      for (let time = 0; time < count; time += 1) found.push((await caller(bank)('GET', '/consents/x/status')).status);
      await bank.close();
      return found;
    };
    const whole = await statuses('one.json', 30);
    expect(new Set(whole)).toEqual(new Set([403, 503]));
    expect([...(await statuses('two.json', 13)), ...(await statuses('two.json', 17))]).toEqual(whole);
  });
});

describe('profiles', () => {
  const file = (bank: string) =>
    `seed: s\nepoch: 2026-01-01\nbank: { name: B, ${bank} }\npeople: [{ id: p, name: P, login: p, password: p }]\n`;

  test('set what they bundle, and what the file says goes before', () => {
    const { scenario } = parseScenario(
      file('profile: spaces-and-broken-next, historyDays: 40, switches: { pages: none }'),
    );
    expect(scenario?.bank).toMatchObject({
      historyDays: 40,
      scaApproach: 'oauth-pre-step',
      switches: { pages: 'none', balances: 'expected-only', consentModels: ['global'] },
    });
  });

  test('one that does not exist is told with those that do', () => {
    const { problems } = parseScenario(file('profile: nonsense'));
    expect(problems?.[0]).toMatchObject({
      path: 'bank.profile',
      remedy: expect.stringContaining('spaces-and-broken-next'),
    });
  });

  test.for(Object.keys(profiles))('%s can be parsed', (profile) => {
    expect(parseScenario(file(`profile: ${profile}`)).problems).toBeNull();
  });
});
