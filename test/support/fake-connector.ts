import type {
  AnswerRemark,
  BankSession,
  ConsentState,
  Connector,
  SignInRequest,
  SignInState,
} from '../../src/connectors/connector.ts';
import type { BankAccount, BankBalance, BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { Failure } from '../../src/domain/failure.ts';

/** A bank account for tests; every field may be overridden. */
export function bankAccount(over: Partial<BankAccount> = {}): BankAccount {
  return {
    bankAccountId: 'bank-account-1',
    iban: 'FR7630006000011234567890189',
    maskedPan: null,
    otherIdentification: null,
    bic: null,
    currency: 'EUR',
    name: 'Current account',
    ownerName: null,
    product: null,
    type: 'CHECKINGS',
    usage: null,
    isClosed: false,
    ...over,
  };
}

/** A booked purchase for tests; every field may be overridden. */
export function bankTransaction(over: Partial<BankTransaction> = {}): BankTransaction {
  return {
    status: 'BOOKED',
    money: { amount: '-3.20', currency: 'EUR' },
    original: null,
    exchangeRate: null,
    bookedOn: '2026-03-01',
    valueOn: null,
    transactedOn: null,
    bankTransactionId: null,
    entryReference: null,
    endToEndId: null,
    mandateId: null,
    creditorId: null,
    checkId: null,
    bankText: 'CARTE CAFE DE FLORE',
    label: 'Café de Flore',
    counterpartyName: null,
    counterpartyIban: null,
    merchantCategoryCode: null,
    bankTransactionCode: null,
    type: 'POINT_OF_SALE',
    ...over,
  };
}

export function booked(type: BankBalance['type'], amount: string): BankBalance {
  return { type, bankType: type, money: { amount, currency: 'EUR' }, referenceOn: null, changedAt: null };
}

export type FakeCall =
  | 'begin'
  | 'proceed'
  | 'renew'
  | 'start'
  | 'consent'
  | 'revoke'
  | 'accounts'
  | 'balances'
  | 'transactions';

/** What the fake bank holds; a test changes it between syncs. */
export interface FakeBank {
  consent: ConsentState;
  accounts: BankAccount[];
  /** By bankAccountId. */
  transactions: Record<string, BankTransaction[]>;
  balances: Record<string, BankBalance[]>;
  /** Called before every answer: a test throws, or waits, here. */
  before: (call: FakeCall, bankAccountId: string | null) => void | Promise<void>;
  /** What a sign-in comes to, one after another; signed in when there is none left. */
  signIns: SignInState[];
  /** What each sign-in was given. */
  readonly given: { request: SignInRequest; answer: string | null; parameters?: object | undefined }[];
  /** What a session is renewed to, once. */
  renewedTo: BankSession | null;
  /** Every call, in order. */
  readonly calls: { call: FakeCall; isAttended: boolean }[];
  pageSize: number;
  /** False: pending entries are left out, and the iteration says so. */
  isPendingShown: boolean;
  /** Which entries come in a form that cannot be used: they are left out, and the iteration says so. */
  isGarbled: (one: BankTransaction) => boolean;
}

export const activeConsent: ConsentState = {
  status: 'ACTIVE',
  validUntil: '2026-08-01',
  frequencyPerDay: 4,
  session: { consentId: 'bank-consent' },
};

export const signedIn = {
  status: 'SIGNED_IN',
  session: { consentId: 'bank-consent' },
  validUntil: null,
  frequencyPerDay: null,
  bankConsentId: null,
} as const satisfies SignInState;

/** A connector of the dialect `fake` over a bank in memory. */
export function fakeConnector(): { connector: Connector; bank: FakeBank } {
  const bank: FakeBank = {
    consent: activeConsent,
    accounts: [bankAccount()],
    transactions: {},
    balances: {},
    before: () => {},
    signIns: [],
    given: [],
    renewedTo: null,
    calls: [],
    pageSize: 2,
    isPendingShown: true,
    isGarbled: () => false,
  };
  const answer = async (call: FakeCall, psu: unknown, session: BankSession | null, bankAccountId: string | null) => {
    bank.calls.push({ call, isAttended: psu !== null });
    if (session && session['consentId'] !== 'bank-consent') throw new Failure('CONSENT_REVOKED_AT_BANK');
    await bank.before(call, bankAccountId);
  };
  const connector: Connector = {
    dialect: 'fake',
    channel: 'REDIRECT',
    signIn: {
      async begin(call, request) {
        await answer('begin', call.psu, null, null);
        bank.given.push({ request, answer: null });
        return bank.signIns.shift() ?? signedIn;
      },
      async proceed(call, request, given, parameters) {
        await answer('proceed', call.psu, null, null);
        bank.given.push({ request, answer: given, parameters });
        return bank.signIns.shift() ?? signedIn;
      },
    },
    async renewSession(call, session) {
      const { renewedTo } = bank;
      if (!renewedTo) return null;
      bank.renewedTo = null;
      await answer('renew', call.psu, session, null);
      return renewedTo;
    },
    async startAuthorization(call) {
      await answer('start', call.psu, null, null);
      return {
        redirectUrl: 'https://bank.example/authorize',
        bankConsentId: 'bank-consent',
        session: { consentId: 'bank-consent' },
        expiresAt: new Date(call.clock.now().getTime() + 600_000),
      };
    },
    async readConsent(call, session) {
      await answer('consent', call.psu, session, null);
      return bank.consent;
    },
    async revokeConsent(call, session) {
      await answer('revoke', call.psu, session, null);
      bank.consent = { status: 'REVOKED' };
    },
    async listAccounts(call, session) {
      await answer('accounts', call.psu, session, null);
      return bank.accounts;
    },
    async readBalances(call, session, account) {
      await answer('balances', call.psu, session, account.bankAccountId);
      return bank.balances[account.bankAccountId] ?? [];
    },
    async *readTransactions(call, session, account, window) {
      const given = (bank.transactions[account.bankAccountId] ?? []).filter(
        (one) =>
          (bank.isPendingShown || one.status !== 'PENDING') &&
          (one.bookedOn === null || (one.bookedOn >= window.from && one.bookedOn <= window.to)),
      );
      const shown = given.filter((one) => !bank.isGarbled(one));
      for (let start = 0; start === 0 || start < shown.length; start += bank.pageSize) {
        await answer('transactions', call.psu, session, account.bankAccountId);
        yield shown.slice(start, start + bank.pageSize);
      }
      const remarks = new Set<AnswerRemark>(bank.isPendingShown ? [] : ['PENDING_UNSUPPORTED']);
      for (const one of given) if (bank.isGarbled(one)) remarks.add(`${one.status}_UNUSABLE`);
      return remarks;
    },
  };
  return { connector, bank };
}
