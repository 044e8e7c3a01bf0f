import { drawDigits } from '../ledger/random.ts';
import type { Person } from '../scenario/schema.ts';

type MethodId = 'sms' | 'chip' | 'app';

/** `authenticationObject` of the standard. */
export interface ScaMethod {
  readonly authenticationType: string;
  readonly authenticationMethodId: MethodId;
  readonly name: string;
  readonly explanation: string;
}

const defaults: Readonly<Record<Person['challenge']['kind'], readonly MethodId[]>> = {
  none: [],
  otp: ['sms'],
  app: ['app'],
};

/** How a person may prove himself; none means that no second factor is asked for. */
export function methodsOf({ challenge, phone }: Person, needsOne: boolean): readonly ScaMethod[] {
  const ids = challenge.methods ?? defaults[challenge.kind];
  return (ids.length === 0 && needsOne ? (['sms'] as const) : ids).map((id) => methods[id](phone));
}

const methods: Readonly<Record<MethodId, (phone: string) => ScaMethod>> = {
  sms: (phone) => ({
    authenticationType: 'SMS_OTP',
    authenticationMethodId: 'sms',
    name: `SMS to ${phone.slice(0, 4)} xx xx xx ${phone.slice(-2)}`,
    explanation: 'A code is sent to the simulated phone.',
  }),
  chip: () => ({
    authenticationType: 'CHIP_OTP',
    authenticationMethodId: 'chip',
    name: 'Card reader',
    explanation: 'Type the challenge into the card reader and read the code, which the simulated phone shows as well.',
  }),
  app: () => ({
    authenticationType: 'PUSH_OTP',
    authenticationMethodId: 'app',
    name: 'App of the bank',
    explanation: 'Approve in the app on the simulated phone. No code is needed.',
  }),
};

export interface ChallengeData {
  readonly data?: readonly string[];
  readonly otpMaxLength: number;
  readonly otpFormat: string;
  readonly additionalInformation: string;
}

/** `challengeData` of the standard for a method that asks for a code. */
export function challengeDataOf(methodId: string | null, phone: string, authorisationId: string): ChallengeData {
  return {
    ...(methodId === 'chip' ? { data: [drawDigits(`${authorisationId}|chip`, 8)] } : {}),
    otpMaxLength: 8,
    otpFormat: 'integer',
    additionalInformation:
      methodId === 'chip'
        ? 'Type the challenge into the card reader.'
        : `We have sent a code to ${phone.slice(0, 4)} xx xx xx ${phone.slice(-2)}.`,
  };
}
