import type { Challenge } from '../../domain/challenge.ts';
import { millisecondsPerSecond } from '../../kernel/clock.ts';
import { cleanLine, cleanLines, cleanName } from '../bank-text.ts';
import type { BankCall } from '../connector.ts';
import { berlinGroupQuirks } from './quirks.ts';
import type { SignInStep } from './sign-in-step.ts';
import type { WireAuthorisation, WireScaMethod } from './wire.ts';

/** N26 allows one look a second, others less. */
const pollAfterSeconds = 3;
const codeLengthMax = 40;
const passwordLengthMax = 200;

/** The question to the person that a step stands for. */
export function challengeOf(step: SignInStep): Challenge {
  const facts = { prompt: step.prompt, expiresAt: new Date(step.expiresAt) };
  switch (step.kind) {
    case 'CHOICE':
      return { ...facts, kind: step.kind, options: step.options };
    case 'OTP': {
      const { kind, sentTo, attemptsLeft, lengthMax, isNumeric } = step;
      return { ...facts, kind, sentTo, attemptsLeft, lengthMax, isNumeric };
    }
    case 'PASSWORD':
      return { ...facts, kind: 'QUESTION', isSecret: true, lengthMax: passwordLengthMax };
    case 'APP_APPROVAL':
      return { ...facts, kind: step.kind, comparisonCode: step.comparisonCode, pollAfterSeconds };
    case 'REDIRECT':
      return { ...facts, kind: step.kind, url: step.url };
    default:
      return step satisfies never;
  }
}

/** What every step has: the bank's words, and until when the bank waits. */
export function commonOf(
  call: BankCall,
  told: WireAuthorisation,
  statusUrl: URL | null,
): Pick<SignInStep, 'prompt' | 'expiresAt' | 'statusUrl'> {
  const seconds = berlinGroupQuirks(call.endpoint).challengeExpiresInSeconds;
  const { challengeData, psuMessage } = told;
  return {
    prompt: cleanLines([psuMessage ?? '', challengeData?.additionalInformation ?? '', ...(challengeData?.data ?? [])]),
    expiresAt: new Date(call.clock.now().getTime() + seconds * millisecondsPerSecond).toISOString(),
    ...(statusUrl ? { statusUrl: statusUrl.href } : {}),
  };
}

/** How a code is asked for. */
export function codeFacts(
  call: BankCall,
  { challengeData, chosenScaMethod }: WireAuthorisation,
): Pick<Extract<SignInStep, { kind: 'OTP' }>, 'sentTo' | 'attemptsLeft' | 'lengthMax' | 'isNumeric'> {
  const format = challengeData?.otpFormat ?? challengeData?.optFormat;
  return {
    sentTo: cleanName(chosenScaMethod?.name),
    attemptsLeft: berlinGroupQuirks(call.endpoint).codeAttemptsMax ?? null,
    lengthMax: challengeData?.otpMaxLength ?? challengeData?.optMaxLength ?? codeLengthMax,
    isNumeric: format?.trim().toLowerCase() === 'integer',
  };
}

/** Methods that we can lead a person through: a picture to photograph (PHOTO_OTP) we cannot show. */
export function usableMethods(methods: readonly WireScaMethod[]): readonly WireScaMethod[] {
  return methods.filter(({ authenticationType }) => authenticationType?.trim().toUpperCase() !== 'PHOTO_OTP');
}

/** The methods as answers to choose from. */
export function methodOptions(methods: readonly WireScaMethod[]): { value: string; label: string }[] {
  return methods.map(({ authenticationMethodId, name, explanation, authenticationType }) => ({
    value: authenticationMethodId,
    label: cleanName(name) ?? cleanName(explanation) ?? cleanLine(authenticationType ?? authenticationMethodId, 60),
  }));
}
