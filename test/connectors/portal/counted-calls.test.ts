import { expect, test } from 'vitest';
import { oneMoreCall } from '../one-more-call.ts';
import { account, openFakeSite, session, statementPage } from './fake-site.ts';

const window = { from: '2026-01-01', to: '2026-12-31' };

test('another attempt at a page of data is spent, and not made where nothing is left', async () => {
  const site = await openFakeSite({
    '/portal/comptes': (response) => response.writeHead(500).end(),
    '/portal/comptes/a1': (response) => response.writeHead(500).end(),
  });
  for (const left of [0, 1]) {
    const call = { ...site.call(), ...oneMoreCall(left) };
    // oxlint-disable-next-line no-await-in-loop -- one question after the other
    await expect(site.connector.listAccounts(call, session)).rejects.toMatchObject({ code: expect.any(String) });
  }
  const ledger = oneMoreCall(1);
  await expect(site.connector.readBalances({ ...site.call(), ...ledger }, session, account)).rejects.toThrow();
  expect(site.paths()).toHaveLength(1 + 2 + 2);
  expect(ledger.spent).toBe(1);
});

test('the first page is spent when it is looked at once more, a further page is not', async () => {
  const coffees = Array.from({ length: 4 }, () => ({ text: 'CAFE', debit: '1,50 €' }));
  const rows = [{ text: 'PAIN', debit: '2,00 €' }, ...coffees];
  const byQuery = new Map([
    [null, statementPage(rows, '?page=2')],
    ['2', statementPage(coffees, '?page=3')],
    ['3', statementPage(coffees)],
  ]);
  const site = await openFakeSite({
    '/portal/comptes/a1': (response, { url = '' }) => {
      const page = new URL(url, 'http://site.example').searchParams.get('page');
      response.writeHead(200, { 'content-type': 'text/html' }).end(byQuery.get(page));
    },
  });
  const ledger = oneMoreCall(1);
  const call = { ...site.call(), ...ledger };
  for await (const page of site.connector.readTransactions(call, session, account, window))
    expect(page).not.toEqual([]);
  const asked = site.paths().filter((path) => path.endsWith('/a1')).length;
  expect(asked).toBe(2);
  const none = { ...site.call(), ...oneMoreCall(0) };
  const read = site.connector.readTransactions(none, session, account, window)[Symbol.asyncIterator]();
  await read.next();
  await expect(read.next()).rejects.toMatchObject({ code: 'SYNC_BUDGET_EXHAUSTED' });
});
