import { load } from 'cheerio';
import { describe, expect, onTestFinished, test } from 'vitest';
import { linkedByApi } from './linked-by-api.ts';
import { noon, openBankAt, scenarioOf } from './support.ts';

const hostile = `L'OMBRE & <b>FILS</b> "x" é\u0001 ?00 -}`;

async function openWith(switches: object) {
  const scenario = scenarioOf({
    seed: 's',
    epoch: '2026-01-01',
    bank: { name: 'B', pageSize: 2, switches },
    people: [{ id: 'a', name: 'Alice & Co', login: 'alice', password: 'tributary1' }],
    accounts: [
      {
        id: 'one',
        owners: ['a'],
        type: 'checking',
        name: 'One',
        openingBalance: '1000.00',
        transactions: [
          { on: '2026-02-02', kind: 'direct-debit', amount: '-12.50', text: hostile, counterparty: { name: hostile } },
          { monthly: { day: 1 }, kind: 'transfer-in', amount: '100.00', text: 'VIR {month}' },
          { on: '2026-03-09', amount: '-3.00', text: 'CARTE', kind: 'card', pending: { days: 5 } },
        ],
      },
    ],
  });
  const bank = await openBankAt(noon, { scenario });
  onTestFinished(() => bank.close());
  const { call } = await linkedByApi(bank);
  const { resourceId } = (await call('GET', '/accounts')).json.accounts[0];
  return (accept: string, query = 'bookingStatus=booked&dateFrom=2026-02-01') =>
    call('GET', `/accounts/${resourceId}/transactions?${query}`, { headers: { accept } });
}

const cents = (text: string) => Math.round(Number(text) * 100);

describe('camt', () => {
  test.for([
    ['camt-053', 'BkToCstmrStmt', 'CLBD'],
    ['camt-052', 'BkToCstmrAcctRpt', 'ITBD'],
  ])('%s is whole, escaped, and its entries add up', async ([report, message, closing]) => {
    const ask = await openWith({ report });
    const answer = await ask('application/json', 'bookingStatus=both&dateFrom=2026-02-01');
    expect(answer.headers.get('content-type')).toBe('application/xml; charset=utf-8');
    const xml = load(answer.text, { xml: true });
    expect(xml(`Document > ${message}`)).toHaveLength(1);
    const signed = (node: Parameters<typeof xml>[0]) =>
      cents(xml(node).children('Amt').text()) * (xml(node).children('CdtDbtInd').text() === 'DBIT' ? -1 : 1);
    const booked = xml('Ntry').filter((_, node) => xml(node).children('Sts').text() === 'BOOK');
    expect(booked).toHaveLength(3);
    const balanceOf = (code: string) =>
      signed(xml('Bal').filter((_, node) => xml(node).find('Tp > CdOrPrtry > Cd').text() === code));
    const sum = booked.toArray().reduce((total, node) => total + signed(node), 0);
    expect([balanceOf('OPBD') + sum, balanceOf('OPBD')]).toEqual([balanceOf(String(closing)), 110_000]);
    expect(xml('Ntry').length - booked.length).toBe(report === 'camt-052' ? 1 : 0);
    expect(
      xml('Ustrd')
        .toArray()
        .map((node) => xml(node).text()),
    ).toContain(hostile.replace('\u0001', ' '));
    expect(xml('Acct > Ownr > Nm').text()).toBe('Alice & Co');
  });
});

test('MT940 has no foreign characters, its lines fit, and its balances meet', async () => {
  const ask = await openWith({ report: 'mt940' });
  const { text, headers } = await ask('application/json');
  expect(
    text.split('\r\n').filter((line) => /^[:-]/.test(line) && !/^:(20|25|28C|60F|61|62F|86):|^-$/.test(line)),
  ).toEqual([]);
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  const lines = text.split('\r\n');
  expect(lines.every((line) => line.length <= 65 && /^[A-Za-z0-9/\-:().,'+ ?]*$/.test(line))).toBe(true);
  expect(lines.filter((line) => /^:6[0-2]/.test(line))).toEqual([
    ':60F:C260201EUR1100,00',
    expect.stringMatching(/^:61:2602010201C100,00NMSCNONREF\/\/260201-/),
    expect.stringMatching(/^:61:2602020202D12,50NMSCNONREF\/\/260202-/),
    expect.stringMatching(/^:61:2603010301C100,00NMSCNONREF\/\/260301-/),
    ':62F:C260310EUR1287,50',
  ]);
  expect(text).toContain("?20L'OMBRE    b FILS /b   x  e");
  const pending = await ask('text/plain', 'bookingStatus=pending');
  expect(pending.text).toContain(':13D:2603101200+0000');
});

test('where the bank negotiates, Accept decides, in its order; what nobody writes is 406', async () => {
  const ask = await openWith({ report: 'negotiated' });
  const typeOf = async (accept: string) => (await ask(accept)).headers.get('content-type');
  expect(await typeOf('application/json')).toMatch(/json/);
  expect(await typeOf('application/xml, application/json;q=0.5')).toMatch(/xml/);
  expect(await typeOf('text/plain')).toMatch(/^text\/plain/);
  const refused = await ask('image/png');
  expect([refused.status, refused.json.tppMessages[0].code]).toEqual([406, 'REQUESTED_FORMATS_INVALID']);
  expect((await (await openWith({}))('application/xml')).status).toBe(406);
});
