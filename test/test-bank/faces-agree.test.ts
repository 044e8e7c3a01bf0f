import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toMinorUnits } from '../../src/kernel/money.ts';
import type { Scenario } from '../../src/test-bank/scenario/schema.ts';
import { consentBody, psuHeaders } from './linked-by-api.ts';
import { randomScenario } from './random-scenario.ts';
import { stetCustomer, type StetAnswer } from './stet/customer.ts';
import { attended, caller, noon, openBankAt, type Caller } from './support.ts';

type OpenBank = Awaited<ReturnType<typeof openBankAt>>;

/** The same address in every run, whatever the port, so that answers can be compared byte by byte. */
const publicUrl = 'http://bank.example';
let banks: OpenBank[] = [];
beforeAll(async () => {
  banks = await Promise.all([openBankAt(noon, { publicUrl }), openBankAt(noon, { publicUrl }), openBankAt(noon)]);
});
afterAll(async () => {
  await Promise.all(banks.map((bank) => bank.close()));
});

/** Begins anew with a scenario whose person authorises with the password alone, and gives a caller with his consent. */
async function begin(bank: OpenBank, scenario: Scenario): Promise<Caller> {
  bank.clock.set(noon);
  bank.bank.reset();
  bank.bank.replaceScenario({ ...scenario, bank: { ...scenario.bank, scaApproach: 'embedded' } });
  const anyone = caller(bank, attended);
  const body = { ...consentBody({ allPsd2: 'allAccounts' }), validUntil: '2026-09-01' };
  const { json } = await anyone('POST', '/consents', { headers: psuHeaders('p'), body });
  await anyone('POST', `/consents/${json.consentId}/authorisations`, {
    headers: psuHeaders('p'),
    body: { psuData: { password: 'p' } },
  });
  return caller(bank, { 'consent-id': json.consentId as string, ...attended });
}

/** Every answer of the face as text: lists with balances, then every page of every account. */
async function everything(call: Caller): Promise<string[]> {
  const texts: string[] = [];
  for (const list of ['accounts', 'card-accounts']) {
    const answer = await call('GET', `/${list}?withBalance=true`);
    texts.push(answer.text);
    for (const { resourceId } of answer.json.accounts ?? answer.json.cardAccounts) {
      let next: string | undefined = `/${list}/${resourceId}/transactions?bookingStatus=both&dateFrom=2025-12-01`;
      while (next !== undefined) {
        const page: Awaited<ReturnType<Caller>> = await call('GET', next.replace(`${publicUrl}/berlin-group/v1`, ''));
        texts.push(page.text);
        const report = page.json.transactions ?? page.json.cardTransactions;
        next = report._links.next?.href;
      }
    }
  }
  return texts;
}

test('for any scenario, two banks answer byte-identically, and going day by day ends where a jump ends', async () => {
  const [walker, jumper] = banks;
  await fc.assert(
    fc.asyncProperty(randomScenario, fc.integer({ min: 1, max: 12 }), async (scenario, days) => {
      const walking = await begin(walker!, scenario);
      const jumping = await begin(jumper!, scenario);
      expect(await everything(walking)).toEqual(await everything(jumping));
      for (let day = 0; day < days; day += 1) {
        await walking('POST', '/control/clock/advance', { body: { days: 1 } });
        await everything(walking);
      }
      await jumping('POST', '/control/clock/advance', { body: { days } });
      expect(await everything(walking)).toEqual(await everything(jumping));
    }),
    { numRuns: 15 },
  );
});

interface Face {
  readonly booked: readonly string[];
  readonly balance: bigint;
}

const units = (amount: string) => toMinorUnits(amount, 'EUR') ?? 0n;

async function berlinGroupFace(call: Caller): Promise<Face & { readonly iban: string }> {
  const [account] = (await call('GET', '/accounts?withBalance=true')).json.accounts;
  const booked: string[] = [];
  let next: string | undefined =
    `/accounts/${account.resourceId}/transactions?bookingStatus=booked&dateFrom=2025-12-01`;
  while (next !== undefined) {
    const page: Awaited<ReturnType<Caller>> = await call('GET', next);
    for (const entry of page.json.transactions.booked)
      booked.push(`${entry.entryReference} ${entry.bookingDate} ${units(entry.transactionAmount.amount)}`);
    next = page.json.transactions._links.next?.href;
  }
  return { iban: account.iban, booked, balance: units(account.balances[0].balanceAmount.amount) };
}

async function stetFace(bank: OpenBank, iban: string): Promise<Face> {
  const customer = await stetCustomer(bank, 'p', 'p');
  await customer.consent({ balances: [{ iban }], transactions: [{ iban }] });
  const account = (await customer.accounts()).find(
    ({ accountId }: { accountId: { iban?: string } }) => accountId.iban === iban,
  );
  const booked: string[] = [];
  let next: string | undefined = account._links.transactions.href;
  while (next !== undefined) {
    const page: StetAnswer = await customer.call(next);
    for (const entry of page.json?.transactions ?? []) {
      const amount = units(entry.transactionAmount.amount);
      if (entry.status === 'BOOK')
        booked.push(
          `${entry.entryReference} ${entry.bookingDate} ${entry.creditDebitIndicator === 'DBIT' ? -amount : amount}`,
        );
    }
    next = page.json?._links.next?.href;
  }
  const [balance] = (await customer.call(account._links.balances.href)).json.balances;
  return { booked, balance: units(balance.balanceAmount.amount) };
}

test('for any scenario, Berlin Group and STET tell the same books, and the balance is opening + booked', async () => {
  const [, , bank] = banks;
  await fc.assert(
    fc.asyncProperty(randomScenario, async (scenario) => {
      const berlinGroup = await berlinGroupFace(await begin(bank!, scenario));
      const stet = await stetFace(bank!, berlinGroup.iban);
      expect(stet).toEqual({ booked: berlinGroup.booked, balance: berlinGroup.balance });
      const sum = berlinGroup.booked.reduce((total, entry) => total + BigInt(entry.split(' ').at(-1) ?? 0), 0n);
      expect(berlinGroup.balance).toBe(sum + units(String(scenario.accounts[0]?.openingBalance)));
    }),
    { numRuns: 8 },
  );
});
