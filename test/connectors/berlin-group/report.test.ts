import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { account, json, session, startFakeBank } from './fake-bank.ts';

let bank: Awaited<ReturnType<typeof startFakeBank>>;
beforeAll(async () => {
  bank = await startFakeBank();
});
afterAll(() => bank.close());

const window = { from: '2026-01-01', to: '2026-03-10' };

function entry(id: string, bookingDate: string | null = '2026-02-01'): object {
  return {
    transactionId: id,
    transactionAmount: { amount: '-1.00', currency: 'EUR' },
    ...(bookingDate === null ? {} : { bookingDate }),
  };
}

function report(booked: readonly unknown[], next?: string, pending: readonly unknown[] = []): object {
  return { transactions: { booked, pending, ...(next === undefined ? {} : { _links: { next: { href: next } } }) } };
}

async function read(quirks?: Record<string, unknown>, asked = window): Promise<string[]> {
  const found: BankTransaction[] = [];
  const call = bank.call(quirks === undefined ? {} : { quirks });
  for await (const page of bank.connector.readTransactions(call, session, account, asked)) found.push(...page);
  return found.map((transaction) => `${transaction.status} ${transaction.bankTransactionId}`);
}

/** The ids of what comes, and what the iteration returns. */
async function readToEnd(quirks: Record<string, unknown>) {
  const pages = bank.connector
    .readTransactions(bank.call({ quirks }), session, account, window)
    [Symbol.asyncIterator]();
  const found: BankTransaction[] = [];
  let page = await pages.next();
  for (; !page.done; page = await pages.next()) found.push(...page.value);
  return { ids: found.map(({ bankTransactionId }) => bankTransactionId), end: page.value };
}

test('asks once for booked and pending, with the account id made fit for a path', async () => {
  bank.answerWith((_, response) => json(response, report([entry('b')], undefined, [entry('p')])));
  expect(await read()).toEqual(['PENDING p', 'BOOKED b']);
  expect(bank.seen.map((request) => request.url)).toEqual([
    '/xs2a/v1/accounts/a%2F1/transactions?bookingStatus=both&dateFrom=2026-01-01&dateTo=2026-03-10',
  ]);
});

test('follows next links of every form to the end', async () => {
  const links = ['?page=2', '/xs2a/v1/x?page=3', '/v1/x?page=4', 'x?page=5', `${bank.origin}/xs2a/v1/x?page=6`];
  bank.answerWith((_, response, count) => json(response, report([entry(`${count}`)], links[count - 1])));
  expect(await read()).toEqual(['1', '2', '3', '4', '5', '6'].map((id) => `BOOKED ${id}`));
  expect(bank.seen.slice(1).map((request) => request.url.replace('/accounts/a%2F1/transactions', '/x'))).toEqual(
    [2, 3, 4, 5, 6].map((page) => `/xs2a/v1/x?page=${page}`),
  );
});

test('stops where the links lead in a circle', async () => {
  bank.answerWith((_, response, count) => json(response, report([entry(`${count}`)], count % 2 ? '?p=2' : '?p=3')));
  expect(await read()).toEqual(['BOOKED 1', 'BOOKED 2', 'BOOKED 3']);
});

test('does not follow a link to another host, and says so rather than end early', async () => {
  const other = await startFakeBank();
  bank.answerWith((_, response) => json(response, report([entry('1')], `${other.origin}/xs2a/v1/x`)));
  await expect(read()).rejects.toMatchObject({ code: 'BANK_ERROR' });
  expect(other.seen).toEqual([]);
  await other.close();
});

test('gives up on empty pages without end', async () => {
  bank.answerWith((_, response, count) => json(response, report([], `?page=${count}`)));
  await expect(read()).rejects.toMatchObject({ code: 'BANK_ERROR' });
});

test.each([400, 405, 422])('reads the booked entries where the bank refuses pending ones with %i', async (status) => {
  bank.answerWith((request, response) =>
    request.url.includes('bookingStatus=both') ? json(response, {}, status) : json(response, report([entry('b')])),
  );
  expect(await read()).toEqual(['BOOKED b']);
});

test('asks for pending entries apart where the bank wants it so, and does without where it has none', async () => {
  bank.answerWith((request, response) =>
    json(response, request.url.includes('=booked') ? report([entry('b')]) : report([], undefined, [entry('p')])),
  );
  expect(await read({ pending: 'separately' })).toEqual(['BOOKED b', 'PENDING p']);
  bank.answerWith((request, response) =>
    request.url.includes('=booked') ? json(response, report([entry('b')])) : json(response, {}, 422),
  );
  expect(await read({ pending: 'separately' })).toEqual(['BOOKED b']);
});

test.each([
  ['refuses them with the others', 'both', {}, 'PENDING_UNSUPPORTED'],
  ['refuses them with the others, and cuts its reports', 'both', { paging: 'windows' }, 'PENDING_UNSUPPORTED'],
  ['refuses them apart', 'pending', { pending: 'separately' }, 'PENDING_UNSUPPORTED'],
  [
    'refuses them apart, and cuts its reports',
    'pending',
    { pending: 'separately', paging: 'windows' },
    'PENDING_UNSUPPORTED',
  ],
  ['is known to have none', 'pending', { pending: 'never' }, 'PENDING_UNSUPPORTED'],
  ['has none just now', 'nothing', {}, undefined],
])('says whether pending entries are shown: a bank that %s', async (_, refused, quirks, expected) => {
  bank.answerWith((request, response) =>
    request.url.includes(`bookingStatus=${refused}`) ? json(response, {}, 400) : json(response, report([entry('b')])),
  );
  const { ids, end } = await readToEnd(quirks);
  expect(ids).toContain('b');
  expect(end).toEqual(new Set(expected === undefined ? [] : [expected]));
});

const garbled = { ...entry('x'), transactionAmount: { amount: 'NaN', currency: 'EUR' } };

test.each([
  ['a booked amount', [entry('b'), garbled], [], ['BOOKED_UNUSABLE']],
  ['a booked day', [entry('b'), entry('x', '2026-02-30')], [entry('p')], ['BOOKED_UNUSABLE']],
  ['a pending amount', [entry('b')], [garbled, entry('p')], ['PENDING_UNUSABLE']],
  ['both', [null, entry('b')], [7], ['BOOKED_UNUSABLE', 'PENDING_UNUSABLE']],
  ['nothing', [entry('b')], [entry('p')], []],
])('says that entries are left out: of an answer that garbles %s', async (_, booked, pending, expected) => {
  bank.answerWith((_request, response) => json(response, report(booked, undefined, pending)));
  for (const quirks of [{}, { paging: 'windows' }]) {
    // oxlint-disable-next-line no-await-in-loop -- one bank
    expect(await readToEnd(quirks)).toMatchObject({ ids: expect.arrayContaining(['b']), end: new Set(expected) });
  }
});

test('a refusal that is not about pending entries is thrown', async () => {
  bank.answerWith((_, response) => json(response, { tppMessages: [{ code: 'CONSENT_EXPIRED' }] }, 401));
  await expect(read()).rejects.toMatchObject({ code: 'CONSENT_EXPIRED' });
  bank.answerWith((_, response) => json(response, { tppMessages: [{ code: 'RESOURCE_UNKNOWN' }] }, 404));
  await expect(read()).rejects.toMatchObject({ code: 'ACCOUNT_NOT_FOUND' });
});

test('asks no further back than the bank allows, and not at all for a window before that', async () => {
  bank.answerWith((_, response) => json(response, report([])));
  await read({ historyDays: 30 });
  expect(bank.seen[0]!.url).toContain('dateFrom=2026-02-08&dateTo=2026-03-10');
  bank.answerWith((_, response) => json(response, report([])));
  expect(await read({ historyDays: 30 }, { from: '2025-01-01', to: '2025-02-01' })).toEqual([]);
  expect(bank.seen).toEqual([]);
});

test('leaves out what a bank gives that ignores the dates; pending entries may lie in the future or have no date', async () => {
  const dates = ['2025-12-31', '2026-01-01', '2026-03-10', '2026-03-11'];
  bank.answerWith((_, response) =>
    json(
      response,
      report(
        dates.map((date) => entry(date, date)),
        undefined,
        [entry('future', '2026-03-20'), entry('undated', null)],
      ),
    ),
  );
  expect(await read()).toEqual(['PENDING future', 'PENDING undated', 'BOOKED 2026-01-01', 'BOOKED 2026-03-10']);
});

test('skips entries that cannot be used, and fails when none of them can', async () => {
  bank.answerWith((_, response) => json(response, report([entry('b'), { bookingDate: 'x' }, null])));
  expect(await read()).toEqual(['BOOKED b']);
  bank.answerWith((_, response) => json(response, report([{ bookingDate: 'x' }, null])));
  await expect(read()).rejects.toMatchObject({ code: 'DATA_INCONSISTENT' });
});

test('an entry in another currency than the account is said, not lost', async () => {
  const foreign = { ...entry('usd'), transactionAmount: { amount: '-1.00', currency: 'USD' } };
  bank.answerWith((_, response) => json(response, report([entry('b'), foreign])));
  await expect(read()).rejects.toMatchObject({ code: 'DATA_INCONSISTENT' });
});

test('an answer without a report is an error, not an empty account', async () => {
  bank.answerWith((_, response) => json(response, { status: 'ok' }));
  await expect(read()).rejects.toMatchObject({ code: 'BANK_ERROR' });
});

test('takes the report of banks that leave out the wrapper', async () => {
  bank.answerWith((_, response, count) =>
    json(response, { booked: [entry(`${count}`)], _links: count === 1 ? { next: '?page=2' } : {} }),
  );
  expect(await read()).toEqual(['BOOKED 1', 'BOOKED 2']);
});

const bomb = `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;&l;&l;">]><Document><Rpt><Ntry>&m;</Ntry></Rpt></Document>`;

test.each([
  ['entities that explode', bomb],
  ['a page for people', '<!doctype html><html><body>Bonjour</body></html>'],
  ['a page for people without a type', '<html><body>Bonjour</body></html>'],
  ['XML that breaks off', '<Document><Rpt><Ntry><Amt Ccy="EUR">1</Amt>'],
  ['another document', '<?xml version="1.0"?><Document><CstmrCdtTrfInitn/></Document>'],
  ['a statement that breaks off', ':20:1\r\n:60F:C260301EUR1,00\r\n:61:260303C1,00NTRFNONREF\r\n'],
  ['nothing', ''],
  ['a number', '7'],
  ['JSON that breaks off', '{"transactions":{"booked":[{"transactionId":'],
])('refuses %s in the place of a report, and says nothing of what is in it', async (_, body) => {
  bank.answerWith((__, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
  const failure = await read().catch((error: { code: string; message: string }) => error);
  expect(failure).toMatchObject({ code: 'BANK_ERROR' });
  expect(JSON.stringify(failure)).not.toMatch(/Bonjour|lol|Ntry|260303/);
});

test('reads a report by what it is, whatever the bank calls it', async () => {
  const camt = `\uFEFF <?xml version="1.0"?><Document><Stmt><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-01</Dt></BookgDt><AcctSvcrRef>c</AcctSvcrRef></Ntry></Stmt></Document>`;
  const mt940 = ':20:1\r\n:60F:C260301EUR1,00\r\n:61:2603010301C1,00NTRFNONREF//m\r\n:62F:C260301EUR2,00\r\n-';
  for (const [type, body, id] of [
    ['application/json', camt, 'BOOKED c'],
    ['text/html', mt940, 'BOOKED null'],
    ['text/plain', JSON.stringify(report([entry('b')])), 'BOOKED b'],
  ] as const) {
    bank.answerWith((_, response) => response.writeHead(200, { 'content-type': type }).end(body));
    // oxlint-disable-next-line no-await-in-loop -- one answer after the other
    expect(await read()).toEqual([id]);
  }
});

test('survives what nobody writes by hand: depth, length, numbers that are none, days that never were', async () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const good = JSON.stringify(entry('b'));
  const odd = [
    `{"transactionId":${deep},"bookingDate":"2026-03-01","transactionAmount":{"amount":"1","currency":"EUR"}}`,
    `{"bookingDate":"2026-03-01","transactionAmount":{"amount":"NaN","currency":"EUR"}}`,
    `{"bookingDate":"2026-03-01","transactionAmount":{"amount":"1e99","currency":"EUR"}}`,
    `{"bookingDate":"2026-03-01","transactionAmount":{"amount":${'9'.repeat(400)},"currency":"EUR"}}`,
    `{"bookingDate":"0000-01-01","transactionAmount":{"amount":"1","currency":"EUR"}}`,
    `{"bookingDate":"2026-02-30","transactionAmount":{"amount":"1","currency":"EUR"}}`,
    `{"__proto__":{"bookingDate":"2026-03-01"},"transactionAmount":{"amount":"1","currency":"EUR"}}`,
    deep,
  ];
  const body = `{"transactions":{"booked":[${[...odd, good].join(',')}]}}`;
  bank.answerWith((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
  expect(await read()).toEqual(['BOOKED null', 'BOOKED b']);
});
