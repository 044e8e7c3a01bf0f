import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import { interstitials, type Interstitial } from '../scenario/portal.ts';
import type { Person, Scenario } from '../scenario/schema.ts';
import type { BankState } from '../state/state.ts';
import { passwordHash, passwordMatches } from './password-hash.ts';

const recordSchema = z.strictObject({
  wrongPasswords: z.int(),
  wrongCodes: z.int(),
  lockedUntil: z.int(),
  challengesStarted: z.int(),
  /** A hash; null while the password of the scenario holds. */
  password: z.string().nullable(),
  passed: z.array(z.enum(interstitials)),
});
type PersonRecord = z.output<typeof recordSchema>;

const unmarked: PersonRecord = {
  wrongPasswords: 0,
  wrongCodes: 0,
  lockedUntil: 0,
  challengesStarted: 0,
  password: null,
  passed: [],
};

/** Who may enter, and what the bank remembers of each person's attempts. */
export interface People {
  /** The person with this login; failure logins take the place of the first person of the scenario. */
  find(login: string | null): Person | null;
  /** Checks a password and counts wrong ones. An unknown login is refused as a wrong password is. */
  signIn(login: string, password: string): Promise<'accepted' | 'refused' | 'locked'>;
  /** Whether this is the person's password, without counting. */
  isPassword(login: string, password: string): Promise<boolean>;
  isLocked(person: Person): boolean;
  /** Counts one wrong code; true when that was the last attempt, and the access is now locked. */
  countWrongCode(person: Person): boolean;
  /** The person proved himself: earlier wrong codes no longer count. */
  forgetWrongCodes(person: Person): void;
  /** The number of this challenge of the person, from 1: what is drawn for it depends on that. */
  nextChallengeNumber(person: Person): number;
  /** What the person still has to pass, in order. */
  openInterstitials(person: Person): readonly Interstitial[];
  pass(person: Person, interstitial: Interstitial): void;
  changePassword(person: Person, password: string): Promise<void>;
}

/** The people of a scenario over the state of the bank. */
export function peopleOf(state: BankState, clock: Clock, scenario: () => Scenario): People {
  const records = state.collection('people', recordSchema);
  const recordOf = (person: Person) => records.get(person.id) ?? unmarked;
  const mark = (person: Person, change: Partial<PersonRecord>) =>
    records.put(person.id, { ...recordOf(person), ...change });
  const lockedUntil = () => clock.now().getTime() + scenario().bank.portal.lockSeconds * 1000;
  const isLocked = (person: Person) => clock.now().getTime() < recordOf(person).lockedUntil;
  const find = (login: string | null): Person | null => {
    const { people } = scenario();
    return (failureEffect(login) ? people[0] : people.find((person) => person.login === login)) ?? null;
  };
  const isPasswordOf = (person: Person, password: string): boolean | Promise<boolean> => {
    const { password: changed } = recordOf(person);
    return changed === null ? isSameText(person.password, password) : passwordMatches(changed, password);
  };
  return {
    find,
    isLocked,
    async isPassword(login, password) {
      const person = find(login);
      return person !== null && (await isPasswordOf(person, password));
    },
    async signIn(login, password) {
      const person = find(login);
      if (!person) return 'refused';
      if (failureEffect(login)) return 'accepted';
      if (isLocked(person)) return 'locked';
      if (await isPasswordOf(person, password)) {
        if (recordOf(person).wrongPasswords > 0) mark(person, { wrongPasswords: 0 });
        return 'accepted';
      }
      const wrongPasswords = recordOf(person).wrongPasswords + 1;
      const locks = wrongPasswords >= scenario().bank.portal.passwordAttempts;
      mark(person, locks ? { wrongPasswords: 0, lockedUntil: lockedUntil() } : { wrongPasswords });
      return locks ? 'locked' : 'refused';
    },
    countWrongCode(person) {
      const wrongCodes = recordOf(person).wrongCodes + 1;
      const locks = wrongCodes >= person.challenge.attempts;
      mark(person, locks ? { wrongCodes: 0, lockedUntil: lockedUntil() } : { wrongCodes });
      return locks;
    },
    forgetWrongCodes(person) {
      if (recordOf(person).wrongCodes > 0) mark(person, { wrongCodes: 0 });
    },
    nextChallengeNumber(person) {
      const challengesStarted = recordOf(person).challengesStarted + 1;
      mark(person, { challengesStarted });
      return challengesStarted;
    },
    openInterstitials: (person) =>
      interstitials.filter(
        (name) => person.portal.interstitials.includes(name) && !recordOf(person).passed.includes(name),
      ),
    pass: (person, interstitial) => mark(person, { passed: [...recordOf(person).passed, interstitial] }),
    async changePassword(person, password) {
      mark(person, { password: await passwordHash(password) });
    },
  };
}

function isSameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
