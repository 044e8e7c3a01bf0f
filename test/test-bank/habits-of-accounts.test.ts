import { expect, test } from 'vitest';
import { household } from './household.ts';

test('standing orders are listed by bookingStatus=information, and are refused elsewhere', async () => {
  const { call, path } = await household({ standingOrders: 'shown' });
  const { transactions } = (await call('GET', `${path}/transactions?bookingStatus=information`)).json;
  expect(transactions).not.toHaveProperty('booked');
  expect(transactions).not.toHaveProperty('pending');
  expect(transactions.information[0]).toMatchInlineSnapshot(`
    {
      "additionalInformationStructured": {
        "standingOrderDetails": {
          "dayOfExecution": "3",
          "executionRule": "following",
          "frequency": "Monthly",
          "startDate": "2023-01-01",
        },
      },
      "bankTransactionCode": "PMNT-ICDT-STDO",
      "creditorName": "AGENCE DES QUAIS",
      "remittanceInformationUnstructured": "VIR PERM POUR: AGENCE DES QUAIS REF: LOYER MOTIF: LOYER",
      "transactionAmount": {
        "amount": "-1385.00",
        "currency": "EUR",
      },
    }
  `);
  const usual = await household({});
  const refused = await usual.call('GET', `${usual.path}/transactions?bookingStatus=information`);
  expect([refused.status, refused.json.tppMessages[0].path]).toEqual([400, 'bookingStatus']);
});

test('a space has no number and is shared with everything only', async () => {
  const listed = async (access?: object) => {
    const { call } = await household({ accountNumbers: 'spaces' }, {}, access);
    const { accounts } = (await call('GET', '/accounts')).json;
    return accounts.map((account: Record<string, string>) => [account['cashAccountType'], 'iban' in account]);
  };
  expect(await listed({ allPsd2: 'allAccounts' })).toEqual([
    ['CACC', true],
    ['SVGS', false],
  ]);
  expect(await listed()).toEqual([['CACC', true]]);
});

test('the balance of a card is nonInvoiced - expected where the bank tells it so', async () => {
  const balancesOf = async (balances: string) => {
    const { call } = await household({ balances });
    const [card] = (await call('GET', '/card-accounts?withBalance=true')).json.cardAccounts;
    const [account] = (await call('GET', '/accounts?withBalance=true')).json.accounts;
    const told = (of: { balances: { balanceType: string; balanceAmount: { amount: string } }[] }) =>
      Object.fromEntries(of.balances.map((each) => [each.balanceType, Number(each.balanceAmount.amount)]));
    return { card: told(card), account: told(account) };
  };
  const usual = await balancesOf('booked-and-expected');
  const { card, account } = await balancesOf('non-invoiced-cards');
  expect(Object.keys(card)).toEqual(['expected', 'nonInvoiced']);
  expect((card['nonInvoiced'] ?? 0) - (card['expected'] ?? 0)).toBeCloseTo(usual.card['expected'] ?? Number.NaN, 2);
  expect(account).toEqual(usual.account);
});
