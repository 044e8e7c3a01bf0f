import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BankCall, BankEndpoint, BankSession, Connector, PsuContext } from '../../src/connectors/connector.ts';
import type { BankAccount, BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays, dateIn } from '../../src/kernel/calendar-date.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { fromMinorUnits, toMinorUnits } from '../../src/kernel/money.ts';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { startTestBank } from '../../src/test-bank/server.ts';
import { visitBank, type BankVisitor } from '../../src/cli/demo/bank-visit.ts';

/** What a connector needs to be held to the contract. */
export interface ContractSubject {
  readonly createConnector: () => { connector: Connector; close: () => Promise<void> };
  /** The endpoint of the dialect at a bank, with the quirks that its switches call for. */
  readonly endpointAt: (bankUrl: string, profile: Profile) => BankEndpoint;
  readonly profiles: readonly Profile[];
}

/** A bank that departs from the standard, and the quirks by which its provider's entry says so. */
interface Profile {
  readonly name: string;
  readonly switches: Record<string, unknown>;
  readonly quirks?: Record<string, unknown>;
  /** The bank gives no date to pending entries, no ids, or the like: what the snapshot then cannot tell. */
  readonly lacksIds?: boolean;
}

const start = new Date('2026-03-10T09:00:00Z');
const psu: PsuContext = { ipAddress: '192.0.2.7', userAgent: 'Contract' };
const returnUrl = 'https://tributary.example/return';
const alice: BankVisitor = { login: 'alice', password: 'tributary1' };
const bruno: BankVisitor = { login: 'bruno', password: 'tributary2' };

/** The promises of the port, run against the test bank over HTTP, in every profile of the dialect. */
export function describeConnector(subject: ContractSubject): void {
  async function open(profile: Profile) {
    const scenario = structuredClone(await loadScenario());
    Object.assign(scenario.bank.switches, profile.switches);
    const clock = manualClock(start);
    const bank = await startTestBank({ clock, scenario });
    const { connector, close } = subject.createConnector();
    const endpoint = subject.endpointAt(bank.url, profile);
    const call = (present: PsuContext | null = psu): BankCall => ({
      endpoint,
      clock,
      signal: new AbortController().signal,
      psu: present,
    });
    const today = () => dateIn(endpoint.timeZone, clock.now());
    return {
      clock,
      bank: bank.bank,
      connector,
      call,
      today,
      async begin() {
        const request = { returnUrl, state: 's-1', validUntil: addDays(today(), 90), frequencyPerDay: 4 };
        return connector.startAuthorization(call(), request);
      },
      /** Everything from the request for access to the session with which data is read. */
      async link(customer: BankVisitor): Promise<BankSession> {
        const started = await this.begin();
        const back = new URL(await visitBank(started.redirectUrl, customer));
        const state = await connector.readConsent(call(), started.session, Object.fromEntries(back.searchParams));
        if (state.status !== 'ACTIVE') throw new Error(`The consent is ${state.status}.`);
        return state.session;
      },
      async transactions(session: BankSession, account: BankAccount, days = 400): Promise<BankTransaction[]> {
        const found: BankTransaction[] = [];
        const window = { from: addDays(today(), -days), to: today() };
        for await (const page of connector.readTransactions(call(), session, account, window)) found.push(...page);
        return found;
      },
      async close() {
        await close();
        await bank.close();
      },
    };
  }

  describe.each(subject.profiles)('at a bank with $name', (profile) => {
    let house: Awaited<ReturnType<typeof open>>;
    let session: BankSession;
    let accounts: readonly BankAccount[];
    beforeAll(async () => {
      house = await open(profile);
      session = await house.link(alice);
      accounts = await house.connector.listAccounts(house.call(), session);
    });
    afterAll(() => house.close());

    test('lists the accounts with what identifies them', () => {
      const current = accounts.find((account) => account.iban !== null);
      expect(current).toMatchObject({ currency: 'EUR', type: 'CHECKINGS', isClosed: false });
      expect(current?.iban).toMatch(/^FR\d{2}/);
      expect(current?.name).not.toBe('');
    });

    test('reads every booked transaction exactly as the bank keeps it', async () => {
      const account = accounts.find(({ type }) => type === 'CHECKINGS')!;
      const transactions = await house.transactions(session, account);
      const book = house.bank.ledger().account('alice-current')!;
      const from = book.positionOf(addDays(house.today(), -400));
      const expected = book
        .booked(from, book.bookedCount)
        .map(({ money, bookedOn, valueOn }) => `${bookedOn ?? valueOn} ${money.amount}`);
      const read = transactions.filter(({ status }) => status === 'BOOKED');
      // Pages may overlap, so the ids tell how often an entry is there; without ids a bank must not overlap.
      const seen = profile.lacksIds ? read : [...new Map(read.map((each) => [each.bankTransactionId, each])).values()];
      const key = ({ bookedOn, money }: BankTransaction) => `${bookedOn} ${money.amount}`;
      expect(expected.length).toBeGreaterThan(200);
      if (profile.switches['dates'] === 'value-only') expect(seen).toHaveLength(expected.length);
      else expect(seen.map(key).toSorted()).toEqual(expected.toSorted());
    });

    test('reads balances that agree with the books', async () => {
      const account = accounts.find(({ type }) => type === 'CHECKINGS')!;
      const balances = await house.connector.readBalances(house.call(), session, account);
      const book = house.bank.ledger().account('alice-current')!;
      expect(balances.length).toBeGreaterThan(0);
      const booked = balances.find(({ type }) => type === 'INTERIM_BOOKED' || type === 'CLOSING_BOOKED');
      if (booked) expect(booked.money).toEqual(book.bookedBalance);
      for (const { money } of balances)
        expect(fromMinorUnits(toMinorUnits(money.amount, 'EUR')!, 'EUR')).toBe(money.amount);
    });

    test('gives texts that are clean and a label for each', async () => {
      const transactions = await house.transactions(session, accounts[0]!, 30);
      expect(transactions.length).toBeGreaterThan(0);
      for (const { label, bankText, status } of transactions) {
        expect(`${label}${bankText.replaceAll('\n', '')}`).not.toMatch(/\p{C}/u);
        if (status === 'BOOKED') expect(label).not.toBe('');
      }
    });
  });

  describe('access', () => {
    const plain: Profile = { name: 'no oddities', switches: {} };
    let house: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      house = await open(plain);
    });
    afterAll(() => house.close());

    test('is pending until the person has decided, then active until the day the bank grants', async () => {
      const started = await house.begin();
      expect(started.expiresAt.getTime()).toBeGreaterThan(house.clock.now().getTime());
      expect(await house.connector.readConsent(house.call(), started.session)).toEqual({ status: 'PENDING' });
      const back = await visitBank(started.redirectUrl, bruno);
      expect(back.startsWith(returnUrl)).toBe(true);
      expect(await house.connector.readConsent(house.call(), started.session)).toMatchObject({
        status: 'ACTIVE',
        validUntil: addDays(house.today(), 90),
        frequencyPerDay: 4,
      });
    });

    test('shows only the accounts that the person has chosen', async () => {
      const session = await house.link({ ...alice, accounts: ['alice-current'] });
      const listed = await house.connector.listAccounts(house.call(), session);
      expect(listed.map(({ name }) => name)).toEqual(['Compte de depot M ou Mme Martin']);
    });

    test('that is refused is rejected', async () => {
      const started = await house.begin();
      const back = await visitBank(started.redirectUrl, { ...alice, decision: 'refuse' });
      expect(new URL(back).searchParams.get('state')).toBe('s-1');
      expect(await house.connector.readConsent(house.call(), started.session)).toEqual({ status: 'REJECTED' });
    });

    test('ends at the bank when it is revoked, once and for all', async () => {
      const session = await house.link(alice);
      await house.connector.revokeConsent(house.call(), session);
      expect(await house.connector.readConsent(house.call(), session)).toEqual({ status: 'REVOKED' });
      await expect(house.connector.listAccounts(house.call(), session)).rejects.toMatchObject({
        code: 'CONSENT_REVOKED_AT_BANK',
      });
      await house.connector.revokeConsent(house.call(), session);
    });

    test('without the person is given as often as the bank allows, and with the person always', async () => {
      const session = await house.link(alice);
      for (let count = 0; count < 4; count += 1) await house.connector.listAccounts(house.call(null), session);
      await expect(house.connector.listAccounts(house.call(null), session)).rejects.toMatchObject({
        code: 'BANK_RATE_LIMITED',
        retryAt: new Date('2026-03-10T23:00:00Z'),
      });
      await house.connector.listAccounts(house.call(), session);
    });

    test('ends when its time is over', async () => {
      const session = await house.link(alice);
      house.clock.advance(91 * 86_400_000);
      expect(await house.connector.readConsent(house.call(), session)).toEqual({ status: 'EXPIRED' });
      await expect(house.connector.listAccounts(house.call(), session)).rejects.toMatchObject({
        code: 'CONSENT_EXPIRED',
      });
      house.clock.set(start);
    });

    test.each([
      ['sca_failed', 'REJECTED'],
      ['consent_rejected', 'REJECTED'],
    ] as const)('that fails by %s is %s', async (login, status) => {
      const started = await house.begin();
      await visitBank(started.redirectUrl, { login: `error.${login}`, password: 'any' });
      expect(await house.connector.readConsent(house.call(), started.session)).toEqual({ status });
    });

    test.each([
      'CONSENT_EXPIRED',
      'CONSENT_REVOKED_AT_BANK',
      'CONSENT_SCOPE_INSUFFICIENT',
      'BANK_UNAVAILABLE',
      'BANK_MAINTENANCE',
      'BANK_ERROR',
      'BANK_RATE_LIMITED',
      'ACCOUNT_NOT_FOUND',
      'DATA_INCONSISTENT',
    ])('meets %s by name', async (code) => {
      const session = await house.link({ login: `error.${code.toLowerCase()}`, password: 'any' });
      const reading = async () => {
        const [account] = await house.connector.listAccounts(house.call(), session);
        await house.transactions(session, account!, 60);
      };
      await expect(reading()).rejects.toMatchObject({ code });
    });

    test('to an account without pending entries still gives the booked ones', async () => {
      const session = await house.link({ login: 'error.pending_unsupported', password: 'any' });
      const [account] = await house.connector.listAccounts(house.call(), session);
      const transactions = await house.transactions(session, account!, 60);
      expect(new Set(transactions.map(({ status }) => status))).toEqual(new Set(['BOOKED']));
    });

    test('shows a closed account as closed, and no accounts as none', async () => {
      const closed = await house.link({ login: 'error.account_closed', password: 'any' });
      const listed = await house.connector.listAccounts(house.call(), closed);
      expect(listed.map(({ isClosed }) => isClosed)).not.toContain(false);
      const none = await house.link({ login: 'error.no_eligible_account', password: 'any' });
      expect(await house.connector.listAccounts(house.call(), none)).toEqual([]);
    });
  });
}
