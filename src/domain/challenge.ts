import type { FailureCode } from './failure-catalogue.ts';
import type { ChallengeKind } from './sync.ts';

/** One of several answers that a bank offers. */
export interface ChallengeOption {
  readonly value: string;
  readonly label: string;
}

interface ChallengeFacts {
  /** The bank's words to the person, clean of markup; empty where it gives none. */
  readonly prompt: string;
  /** When the bank takes no answer any more. */
  readonly expiresAt: Date;
}

/**
 * A question that a bank asks while somebody signs in. OTP, CHOICE and QUESTION want an answer; APP_APPROVAL and
 * ACT_AT_BANK are settled elsewhere and are asked after every `pollAfterSeconds`; REDIRECT ends with a return of the
 * browser.
 */
export type Challenge = ChallengeFacts &
  (
    | {
        readonly kind: 'OTP';
        /** Where the code went, masked as the bank shows it (`06 ** ** ** 12`). */
        readonly sentTo: string | null;
        /** How many answers the bank still takes, where it tells. */
        readonly attemptsLeft: number | null;
        readonly lengthMax: number;
        readonly isNumeric: boolean;
      }
    | { readonly kind: 'CHOICE'; readonly options: readonly ChallengeOption[] }
    | { readonly kind: 'QUESTION'; readonly isSecret: boolean; readonly lengthMax: number }
    | {
        readonly kind: 'APP_APPROVAL';
        /** What the app shows as well, so that the person knows which request it is. */
        readonly comparisonCode: string | null;
        readonly pollAfterSeconds: number;
      }
    | {
        readonly kind: 'ACT_AT_BANK';
        readonly reason: 'TERMS' | 'IDENTITY_CHECK' | 'OTHER';
        readonly url: string | null;
        readonly pollAfterSeconds: number;
      }
    | { readonly kind: 'REDIRECT'; readonly url: string }
  );

type WithoutFacts<Kind> = Kind extends Challenge ? Omit<Kind, keyof ChallengeFacts> : never;
/** What a challenge of each kind says besides its words and its end. */
export type ChallengeDetails = WithoutFacts<Challenge>;

/** The kinds that are answered with a text; the others are settled elsewhere. */
export const answeredChallengeKinds = ['OTP', 'CHOICE', 'QUESTION'] as const satisfies readonly ChallengeKind[];

/** What a bank wants by a challenge of each kind, as a failure says it while nobody has given it. */
export const failureOfChallenge: Readonly<Record<ChallengeKind, FailureCode>> = {
  OTP: 'SCA_OTP_REQUIRED',
  CHOICE: 'SCA_REQUIRED',
  QUESTION: 'SCA_REQUIRED',
  APP_APPROVAL: 'SCA_DECOUPLED_PENDING',
  ACT_AT_BANK: 'BANK_USER_ACTION_REQUIRED',
  REDIRECT: 'SCA_REDIRECT_REQUIRED',
};
