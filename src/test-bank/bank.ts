import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { bankClock, type BankClock } from './control/bank-clock.ts';
import { callLog, type CallLog } from './control/call-log.ts';
import { consentBook, type ConsentBook } from './consents/consent-book.ts';
import { faultsOf, type Faults } from './faults/faults.ts';
import { ledgerCache, type Ledger } from './ledger/ledger.ts';
import { challengesOf, type Challenges } from './people/challenges.ts';
import { peopleOf, type People } from './people/people.ts';
import { trustedBrowsers, type TrustedBrowsers } from './people/trusted-browsers.ts';
import type { Scenario } from './scenario/schema.ts';
import type { BankState } from './state/state.ts';

/** The bank behind its faces: books, consents, faults and time. A face turns it into a protocol and keeps nothing. */
export interface Bank {
  readonly clock: BankClock;
  readonly consents: ConsentBook;
  readonly people: People;
  readonly challenges: Challenges;
  readonly trustedBrowsers: TrustedBrowsers;
  readonly faults: Faults;
  readonly calls: CallLog;
  readonly state: BankState;
  readonly log: Log;
  scenario(): Scenario;
  /** Puts another scenario in place; consents whose accounts no longer exist show nothing. */
  replaceScenario(scenario: Scenario): void;
  /** The books as of now. */
  ledger(): Ledger;
  /**
   * Forgets consents, challenges, triggered faults, logged calls and the setting of the clock; the first scenario
   * returns. Whoever keeps something in memory for this bank says with onReset how to forget it.
   */
  reset(): void;
  onReset(forget: () => void): void;
}

/** Opens a bank over a scenario and a state. Pure of the network. */
export function openBank(initial: Scenario, state: BankState, base: Clock, log: Log): Bank {
  let scenario = initial;
  let ledgers = ledgerCache();
  const clock = bankClock(base, state);
  const faults = faultsOf(state, clock, () => scenario.faults);
  const calls = callLog();
  const people = peopleOf(state, clock, () => scenario);
  const challenges = challengesOf(clock, () => scenario, people);
  const forgetters: (() => void)[] = [];
  return {
    clock,
    consents: consentBook(state, clock, () => scenario),
    people,
    challenges,
    trustedBrowsers: trustedBrowsers(state, clock),
    faults,
    calls,
    state,
    log,
    scenario: () => scenario,
    replaceScenario(next) {
      scenario = next;
      ledgers = ledgerCache();
    },
    ledger: () => ledgers.at(scenario, clock.now()),
    reset() {
      state.clear();
      faults.clear();
      calls.clear();
      challenges.clear();
      for (const forget of forgetters) forget();
      scenario = initial;
      ledgers = ledgerCache();
    },
    onReset: (forget) => void forgetters.push(forget),
  };
}
