import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { drawDigits } from '../ledger/random.ts';
import type { Person, Scenario } from '../scenario/schema.ts';
import type { People } from './people.ts';

export type ChallengePurpose = 'sign-in' | 'consent';

/** Something that the bank asks of the person's phone: a code to type, or a yes in the app. */
export interface Challenge {
  /** Unguessable: who knows it may answer. */
  readonly id: string;
  readonly personId: string;
  readonly kind: 'otp' | 'app';
  readonly purpose: ChallengePurpose;
  readonly code: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  readonly status: 'open' | 'passed' | 'refused' | 'locked';
}

/** `expired` by the clock of the bank; `gone` when the bank no longer knows of it. */
export type ChallengeStatus = Challenge['status'] | 'expired' | 'gone';

export interface Challenges {
  /** A failure login may ask for another kind than the person has, or a shorter time. */
  start(person: Person, purpose: ChallengePurpose, kind: Challenge['kind'], timeoutSeconds?: number): Challenge;
  find(id: string | null): Challenge | null;
  status(id: string | null): ChallengeStatus;
  /** Types a code. `wrong` leaves the challenge open; the last wrong code locks the person's access. */
  answer(id: string, person: Person, code: string): ChallengeStatus | 'wrong';
  /** Says yes or no in the app; nothing happens when it is no longer open. */
  decide(id: string, isApproved: boolean): void;
  /** What was sent to the phone of a person, newest first. */
  sentTo(personId: string): readonly Challenge[];
  clear(): void;
}

/** The two digits that the page and the app both show, so that a person knows which request he approves. */
export function comparisonNumber({ code }: Challenge): string {
  return code.slice(0, 2);
}

const keptMax = 1000;
const codeDigits = 6;

/** The challenges of a bank. In memory only: after a restart the person signs in again. */
export function challengesOf(clock: Clock, scenario: () => Scenario, people: People): Challenges {
  const kept = new Map<string, Challenge>();
  const statusOf = (challenge: Challenge | undefined): ChallengeStatus => {
    if (!challenge) return 'gone';
    return challenge.status === 'open' && clock.now() >= challenge.expiresAt ? 'expired' : challenge.status;
  };
  const settle = (challenge: Challenge, status: Challenge['status']) =>
    kept.set(challenge.id, { ...challenge, status });
  return {
    start(person, purpose, kind, timeoutSeconds = person.challenge.timeoutSeconds) {
      const startedAt = clock.now();
      const key = `${scenario().seed}|otp|${person.id}|${people.nextChallengeNumber(person)}`;
      const challenge: Challenge = {
        id: randomBytes(18).toString('base64url'),
        personId: person.id,
        kind,
        purpose,
        code: person.challenge.answer ?? drawDigits(key, codeDigits),
        startedAt,
        expiresAt: new Date(startedAt.getTime() + timeoutSeconds * 1000),
        status: 'open',
      };
      kept.set(challenge.id, challenge);
      for (const oldest of kept.keys()) {
        if (kept.size <= keptMax) break;
        kept.delete(oldest);
      }
      return challenge;
    },
    find: (id) => (id === null ? null : (kept.get(id) ?? null)),
    status: (id) => (id === null ? 'gone' : statusOf(kept.get(id))),
    answer(id, person, code) {
      const challenge = kept.get(id);
      const status = statusOf(challenge);
      if (!challenge || challenge.kind !== 'otp' || status !== 'open') return status;
      if (code.replace(/\s/g, '') === challenge.code) {
        people.forgetWrongCodes(person);
        settle(challenge, 'passed');
        return 'passed';
      }
      if (!people.countWrongCode(person)) return 'wrong';
      settle(challenge, 'locked');
      return 'locked';
    },
    decide(id, isApproved) {
      const challenge = kept.get(id);
      if (challenge?.kind === 'app' && statusOf(challenge) === 'open') {
        settle(challenge, isApproved ? 'passed' : 'refused');
      }
    },
    sentTo: (personId) => [...kept.values()].filter((challenge) => challenge.personId === personId).toReversed(),
    clear: () => kept.clear(),
  };
}
