import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { switchesSchema } from '../../src/test-bank/scenario/switches.ts';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { randomScenario } from './random-scenario.ts';
import {
  approveAt,
  attended,
  caller,
  linked,
  noon,
  openBankAt,
  requestConsent,
  scenarioOf,
  type Caller,
} from './support.ts';

interface Entry {
  transactionId: string;
  bookingDate: string;
  transactionAmount: { amount: string };
}

async function pagesOf(call: Caller, first: string, between?: () => Promise<void>): Promise<Entry[][]> {
  const pages: Entry[][] = [];
  for (let next: string | undefined = first; next !== undefined;) {
    const { json } = await call('GET', next);
    pages.push(json.transactions.booked);
    next = json.transactions._links.next?.href;
    await between?.();
  }
  return pages;
}

const household = async (switches: object, more: object = {}) => {
  const scenario = await loadScenario();
  const bank = await openBankAt(noon, {
    scenario: { ...scenario, bank: { ...scenario.bank, ...more, switches: switchesSchema.parse(switches) } },
  });
  onTestFinished(() => bank.close());
  const { call, id } = await linked(bank);
  const [account] = (await call('GET', '/accounts')).json.accounts;
  return { bank, call, id, path: `/accounts/${account.resourceId}` };
};

describe('pages', () => {
  test('for any scenario they join to the whole, without loss or repeat, even while the clock moves on', async () => {
    const bank = await openBankAt(noon);
    onTestFinished(() => bank.close());
    await fc.assert(
      fc.asyncProperty(randomScenario, fc.integer({ min: 0, max: 30 }), async (scenario, hours) => {
        bank.clock.set(noon);
        bank.bank.reset();
        bank.bank.replaceScenario(scenario);
        const { id, page } = await requestConsent(caller(bank), { allPsd2: 'allAccounts' });
        await approveAt(page, 'p', 'p');
        const call = caller(bank, { 'consent-id': id, ...attended });
        const [account] = (await call('GET', '/accounts')).json.accounts;
        const book = bank.bank.ledger().account('current')!;
        const whole = book
          .booked(0, book.bookedCount)
          .toReversed()
          .map((movement) => movement.id);
        const pages = await pagesOf(
          call,
          `/accounts/${account.resourceId}/transactions?bookingStatus=booked&dateFrom=2025-01-01`,
          async () => {
            bank.clock.advance(hours * 3_600_000);
          },
        );
        expect(pages.flat().map((entry) => entry.transactionId)).toEqual(whole);
        expect(pages.slice(0, -1).every((entries) => entries.length === 7)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('an account of 100,000 entries pages to its end', async () => {
    const bank = await openBankAt(noon, {
      scenario: scenarioOf({
        seed: 's',
        epoch: '2025-01-01',
        bank: { name: 'Busy', pageSize: 5000 },
        people: [{ id: 'p', name: 'P', login: 'p', password: 'p' }],
        accounts: [
          {
            id: 'busy',
            owners: ['p'],
            type: 'checking',
            name: 'Busy',
            openingBalance: '0',
            transactions: [{ every: { days: 1, until: '2025-04-10' }, times: 1000, amount: '-1.01', text: 'CB {n}' }],
          },
        ],
      }),
    });
    onTestFinished(() => bank.close());
    const { id, page } = await requestConsent(caller(bank));
    await approveAt(page, 'p', 'p');
    const call = caller(bank, { 'consent-id': id, ...attended });
    const [account] = (await call('GET', '/accounts?withBalance=true')).json.accounts;
    expect(account.balances[0].balanceAmount.amount).toBe('-101000.00');
    const pages = await pagesOf(
      call,
      `/accounts/${account.resourceId}/transactions?bookingStatus=booked&dateFrom=2025-01-01`,
    );
    expect(pages.map((entries) => entries.length)).toEqual(Array<number>(20).fill(5000));
  });

  test('a page of another bank is refused', async () => {
    const { call, path } = await household({});
    const answer = await call('GET', `${path}/transactions?bookingStatus=booked&dateFrom=2026-01-01&page=bm9uc2Vuc2U`);
    expect([answer.status, answer.json.tppMessages[0].path]).toEqual([400, 'page']);
  });
});

test('the same file, seed, clock and calls give byte-identical answers', async () => {
  const run = async () => {
    const bank = await openBankAt(noon, { publicUrl: 'http://bank.example' });
    onTestFinished(() => bank.close());
    const texts: string[] = [];
    const { answer, id } = await requestConsent(caller(bank));
    texts.push(answer.text);
    await approveAt(`${bank.url}${new URL(answer.json._links.scaRedirect.href as string).pathname}`);
    const call = caller(bank, { 'consent-id': id, ...attended });
    const list = await call('GET', '/accounts?withBalance=true');
    texts.push(list.text);
    const path = `/accounts/${list.json.accounts[0].resourceId}/transactions?bookingStatus=both&dateFrom=2025-01-01`;
    texts.push((await call('GET', path)).text);
    return texts;
  };
  expect(await run()).toEqual(await run());
});

test('dates are inclusive at both ends, and a reference asks for what came after it', async () => {
  const { call, path } = await household({});
  const booked = async (query: string) =>
    (await call('GET', `${path}/transactions?bookingStatus=booked&${query}`)).json.transactions.booked as (Entry & {
      entryReference: string;
    })[];
  const entries = await booked('dateFrom=2026-02-01&dateTo=2026-02-28');
  const days = entries.map(({ bookingDate }) => bookingDate);
  expect(days).toEqual(days.toSorted().toReversed());
  const [last, first] = [days[0]!, days.at(-1)!];
  expect(await booked(`dateFrom=${first}&dateTo=${last}`)).toEqual(entries);
  expect(await booked(`entryReferenceFrom=${entries[4]!.entryReference}&dateTo=2026-02-28`)).toEqual(
    entries.slice(0, 4),
  );
  expect((await call('GET', `${path}/transactions?bookingStatus=booked&entryReferenceFrom=none`)).status).toBe(400);
  expect(
    (await call('GET', `${path}/transactions?bookingStatus=booked&dateFrom=2026-02-02&dateTo=2026-02-01`)).status,
  ).toBe(400);
  expect((await call('GET', `${path}/transactions?bookingStatus=booked`)).status).toBe(400);
});

test('shows the history that the profile has, and only 90 days after the first 15 minutes where it says so', async () => {
  const { bank, call, path } = await household(
    { history: 'full-first-15-minutes', pages: 'none' },
    { historyDays: 200 },
  );
  const oldest = async () =>
    (await call('GET', `${path}/transactions?bookingStatus=booked&dateFrom=2020-01-01`)).json.transactions.booked.at(-1)
      .bookingDate as string;
  expect(await oldest()).toMatch(/^2025-08-2[2-5]/);
  bank.clock.advance(16 * 60_000);
  expect(await oldest()).toMatch(/^2025-12-1[0-3]/);
});

describe('unattended calls', () => {
  const alone = { 'x-request-id': '11111111-2222-4333-8444-555555555555' };

  test('are four a day for each address; further pages and attended calls do not count; the next day begins anew', async () => {
    const { bank, id, path } = await household({}, { pageSize: 5 });
    const call = caller(bank, { 'consent-id': id, ...alone });
    const query = `${path}/transactions?bookingStatus=booked&dateFrom=2026-02-20`;
    for (let time = 0; time < 4; time += 1) await pagesOf(call, query);
    const refused = await call('GET', query);
    expect([refused.status, refused.json.tppMessages[0].code]).toEqual([429, 'ACCESS_EXCEEDED']);
    // Noon in UTC is 13:00 in Paris: eleven hours until the bank's next day.
    expect(refused.headers.get('retry-after')).toBe(String(11 * 3600));
    expect((await call('GET', `${path}/balances`)).status).toBe(200);
    expect((await call('GET', query, { headers: attended })).status).toBe(200);
    bank.clock.advance(11 * 3_600_000);
    expect((await call('GET', query)).status).toBe(200);
  });

  test('are counted for the whole consent where the profile says so', async () => {
    const { bank, id, path } = await household({ rate: 'consent' });
    const call = caller(bank, { 'consent-id': id, ...alone });
    const statuses: number[] = [];
    for (const address of ['/accounts', path, `${path}/balances`, '/card-accounts', '/accounts']) {
      statuses.push((await call('GET', address)).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });
});

describe('habits of banks', () => {
  const entriesWith = async (switches: object, query = 'bookingStatus=booked&dateFrom=2026-02-01') => {
    const { call, path } = await household(switches);
    const { json } = await call('GET', `${path}/transactions?${query}`);
    // oxlint-disable-next-line typescript/no-explicit-any -- odd answers are what these tests look at
    return json.transactions as { booked: Record<string, any>[]; _links?: any };
  };

  test('amounts as numbers, mixed, unsigned', async () => {
    const kinds = async (switches: object) =>
      new Set((await entriesWith(switches)).booked.map((entry) => typeof entry['transactionAmount'].amount));
    expect(await kinds({ amounts: 'number' })).toEqual(new Set(['number']));
    expect(await kinds({ amounts: 'mixed' })).toEqual(new Set(['number', 'string']));
    const { booked } = await entriesWith({ sign: 'unsigned' });
    expect(booked.some((entry) => entry['transactionAmount'].amount.startsWith('-'))).toBe(false);
  });

  test('ids absent, repeated, placeholders', async () => {
    const ids = async (switches: object) => (await entriesWith(switches)).booked.map((entry) => entry['transactionId']);
    expect(new Set(await ids({ ids: 'none' }))).toEqual(new Set([undefined]));
    const duplicates = await ids({ ids: 'duplicate' });
    expect(new Set(duplicates).size).toBeLessThan(duplicates.length);
    expect(await ids({ ids: 'placeholder' })).toContain('NOTPROVIDED');
  });

  test('pages that overlap, a next link that is broken, links that are missing', async () => {
    const { call, path } = await household({ pages: 'duplicates-across-pages' }, { pageSize: 10 });
    const [first, second] = await pagesOf(call, `${path}/transactions?bookingStatus=booked&dateFrom=2026-02-10`);
    expect(second!.slice(0, 3)).toEqual(first!.slice(-3));
    const broken = await entriesWith({ pages: 'broken-next' }, 'bookingStatus=booked&dateFrom=2025-02-01');
    expect(broken._links.next.href).toContain('dateFrom2025-02-01');
    expect((await entriesWith({ links: 'missing' }))._links).toBeUndefined();
  });

  test('errors as problem+json, as a gateway writes them, as HTML', async () => {
    const wrong = async (errors: string) => {
      const { call, path } = await household({ errors });
      return call('GET', `${path}/transactions?bookingStatus=never`);
    };
    expect((await wrong('problem-json')).json).toMatchObject({ code: 'FORMAT_ERROR' });
    expect((await wrong('spring')).json).toMatchObject({ status: 400, error: 'FORMAT_ERROR' });
    expect((await wrong('html')).headers.get('content-type')).toBe('text/html; charset=utf-8');
  });
});
