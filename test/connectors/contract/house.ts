import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import type {
  AuthorizationRequest,
  BankCall,
  BankSession,
  ConsentState,
  DeltaAnchor,
  PsuContext,
  SignInRequest,
  SignInState,
} from '../../../src/connectors/connector.ts';
import type { BankAccount, BankBalance, BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import type { Challenge } from '../../../src/domain/challenge.ts';
import { addDays, dateIn } from '../../../src/kernel/calendar-date.ts';
import { manualClock } from '../../../src/kernel/clock.ts';
import type { Bank } from '../../../src/test-bank/bank.ts';
import { sandboxThirdParty } from '../../../src/test-bank/scenario/third-party.ts';
import { startTestBank } from '../../../src/test-bank/server.ts';
import { visitBank, type BankVisitor } from '../../../src/cli/demo/bank-visit.ts';
import { scenarioOf } from '../../test-bank/support.ts';
import type { ContractSubject, Profile } from './subject.ts';

export const start = new Date('2026-03-10T09:00:00Z');
export const returnUrl = 'https://tributary.example/return';
export const alice: BankVisitor = { login: 'alice', password: 'tributary1' };
/** Is asked for a code by SMS, or for what the profile says. */
export const bruno: BankVisitor = { login: 'bruno', password: 'tributary2' };
/** By whom a failure is met; the password of a number pad is digits. */
export const failing = (login: string): BankVisitor => ({ login: `error.${login}`, password: '123456' });

const psu: PsuContext = { ipAddress: '192.0.2.7', userAgent: 'Contract' };
const defaultScenario = new URL('../../../src/test-bank/scenario/default.yaml', import.meta.url);

async function scenarioFor({ bankProfile, bank, switches, challenge }: Profile) {
  const file = parse(await readFile(defaultScenario, 'utf8'));
  Object.assign(file.bank, bankProfile === undefined ? {} : { profile: bankProfile }, bank);
  file.bank.switches = { ...file.bank.switches, ...switches };
  const person = file.people.find(({ id }: { id: string }) => id === 'bruno');
  Object.assign(person, challenge === undefined ? {} : { challenge });
  return scenarioOf(file);
}

/** Access to data as the sync uses it: the session is renewed where the connector wants it, before data is read. */
export interface Linked {
  readonly session: BankSession;
  accounts(present?: PsuContext | null): Promise<readonly BankAccount[]>;
  balances(account: BankAccount): Promise<readonly BankBalance[]>;
  /** The pages put together; they may overlap. */
  transactions(account: BankAccount, days?: number, anchor?: DeltaAnchor): Promise<BankTransaction[]>;
  /** What became of the consent, asked without a return of the browser. */
  state(): Promise<ConsentState>;
  revoke(): Promise<void>;
}

export type House = Awaited<ReturnType<typeof openHouse>>;

/** A test bank with the habits of the profile, on 10 March 2026, and the connector in front of it. */
export async function openHouse(subject: ContractSubject, profile: Profile) {
  const clock = manualClock(start);
  const server = await startTestBank({ clock, scenario: await scenarioFor(profile) });
  // A bank that never answers is waited for half a second, which is long for a bank in the same process.
  const http = createBankHttp({ retryDelayMilliseconds: 1, answerTimeoutMilliseconds: 5000 });
  const impatient = createBankHttp({ retryDelayMilliseconds: 1, answerTimeoutMilliseconds: 500 });
  const { clientId, clientSecret } = sandboxThirdParty;
  const identities = new Map([['default', { clientId, clientSecret }]]);
  const connector = subject.createConnector(http, identities);
  const endpoint = subject.endpointAt(server.url, profile);
  const call = (present: PsuContext | null = psu): BankCall => ({
    endpoint,
    clock,
    signal: new AbortController().signal,
    psu: present,
  });
  const today = () => dateIn(endpoint.timeZone, clock.now());
  const asked = (): AuthorizationRequest => ({
    returnUrl,
    state: 's-1',
    validUntil: addDays(today(), 90),
    frequencyPerDay: 4,
  });

  function linked(first: BankSession, by = connector): Linked {
    let session = first;
    const renewed = async (present: PsuContext | null = psu) => {
      session = (await by.renewSession(call(present), session)) ?? session;
      return session;
    };
    return {
      get session() {
        return session;
      },
      accounts: async (present = psu) => by.listAccounts(call(present), await renewed(present)),
      balances: async (account) => by.readBalances(call(), await renewed(), account),
      async transactions(account, days = 400, anchor) {
        const found: BankTransaction[] = [];
        const window = { from: addDays(today(), -days), to: today(), ...(anchor && { anchor }) };
        const pages = by.readTransactions(call(), await renewed(), account, window);
        for await (const page of pages) found.push(...page);
        return found;
      },
      state: () => by.readConsent(call(), session),
      revoke: () => by.revokeConsent(call(), session),
    };
  }

  const house = {
    clock,
    bank: server.bank,
    connector,
    call,
    today,
    linked,
    /** The same session, read with little patience. */
    linkedImpatiently: (session: BankSession) => linked(session, subject.createConnector(impatient, identities)),
    begin: () => connector.startAuthorization(call(), asked()),
    /** The person at the bank's pages, and what the connector makes of the return of his browser. */
    async approve(started: { redirectUrl: string; session: BankSession }, visitor: BankVisitor): Promise<ConsentState> {
      const back = new URL(await visitBank(started.redirectUrl, visitor));
      const state = await connector.readConsent(call(), started.session, Object.fromEntries(back.searchParams));
      const continued = state.status === 'PENDING' ? state.continued : undefined;
      // Some banks want to see the person twice: for a token, then for the consent.
      if (!continued?.redirectUrl) return state;
      return house.approve({ redirectUrl: continued.redirectUrl, session: continued.session }, visitor);
    },
    signInRequest: (visitor: BankVisitor, session: BankSession | null = null): SignInRequest => {
      if (!subject.signIn) throw new Error('The subject has no sign-in.');
      return { ...asked(), credentials: subject.signIn.credentialsOf(visitor), session };
    },
    beginSignIn(visitor: BankVisitor, present: PsuContext | null = psu, session: BankSession | null = null) {
      return signInOf().begin(call(present), house.signInRequest(visitor, session));
    },
    proceed(visitor: BankVisitor, session: BankSession, answer: string | null, parameters?: Record<string, string>) {
      const request = { ...house.signInRequest(visitor), session };
      return signInOf().proceed(call(), request, answer, parameters);
    },
    /** Everything from the request for access to the session with which data is read. */
    async link(visitor: BankVisitor): Promise<Linked> {
      if ((profile.access ?? (subject.redirect ? 'redirect' : 'sign-in')) === 'sign-in') {
        const state = await completeSignIn(visitor, await house.beginSignIn(visitor));
        return linked(state.session);
      }
      const state = await house.approve(await house.begin(), visitor);
      if (state.status !== 'ACTIVE') throw new Error(`The consent is ${state.status}.`);
      return linked(state.session);
    },
    async close() {
      await Promise.all([http.close(), impatient.close()]);
      await server.close();
    },
  };

  function signInOf() {
    if (!connector.signIn) throw new Error('The connector has no sign-in.');
    return connector.signIn;
  }

  /** Answers what the bank asks, as a willing person does. */
  async function completeSignIn(visitor: BankVisitor, begun: SignInState) {
    let state = begun;
    for (let step = 0; state.status === 'CHALLENGED'; step += 1) {
      if (step > 5) throw new Error('The bank asks without end.');
      // oxlint-disable-next-line no-await-in-loop -- one answer after the other
      const { answer, parameters } = await answerTo(server.bank, visitor, state.challenge);
      // oxlint-disable-next-line no-await-in-loop -- as above
      state = await house.proceed(visitor, state.session, answer, parameters);
    }
    return state;
  }
  return house;
}

interface Answer {
  readonly answer: string | null;
  readonly parameters?: Record<string, string>;
}

async function answerTo(bank: Bank, visitor: BankVisitor, challenge: Challenge): Promise<Answer> {
  switch (challenge.kind) {
    case 'OTP':
      return { answer: lastOnPhone(bank, visitor)?.code ?? '000000' };
    case 'APP_APPROVAL':
      bank.challenges.decide(lastOnPhone(bank, visitor)?.id ?? '', true);
      return { answer: null };
    case 'CHOICE':
      return { answer: challenge.options[0]?.value ?? '' };
    case 'REDIRECT': {
      const back = new URL(await visitBank(challenge.url, visitor));
      return { answer: null, parameters: Object.fromEntries(back.searchParams) };
    }
    case 'QUESTION':
    case 'ACT_AT_BANK':
      throw new Error(`Nobody answers a ${challenge.kind} here.`);
  }
}

/** The newest message on the person's phone. */
export function lastOnPhone(bank: Bank, visitor: BankVisitor) {
  const person = bank.people.find(visitor.login);
  return person ? bank.challenges.sentTo(person.id)[0] : undefined;
}
