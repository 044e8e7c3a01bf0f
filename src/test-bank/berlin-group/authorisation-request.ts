import { z } from 'zod';
import { Refusal } from '../refusal.ts';

/** What a third party passes on for a person while he authorises. */
export type PsuData =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'method'; readonly methodId: string }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'confirmation'; readonly code: string };

const text = z.string().min(1).max(200);

const bodySchema = z.union([
  z
    .looseObject({ psuData: z.looseObject({ password: text }) })
    .transform(({ psuData }): PsuData => ({ kind: 'password', password: psuData.password })),
  z
    .looseObject({ authenticationMethodId: text })
    .transform(({ authenticationMethodId }): PsuData => ({ kind: 'method', methodId: authenticationMethodId })),
  z
    .looseObject({ scaAuthenticationData: text })
    .transform(({ scaAuthenticationData }): PsuData => ({ kind: 'code', code: scaAuthenticationData })),
  z
    .looseObject({ confirmationCode: text })
    .transform(({ confirmationCode }): PsuData => ({ kind: 'confirmation', code: confirmationCode })),
  z.strictObject({}).transform((): PsuData => ({ kind: 'nothing' })),
  z.undefined().transform((): PsuData => ({ kind: 'nothing' })),
]);

/** Reads the body of a POST or PUT of an authorisation (Implementation Guidelines 7.2). */
export function parsePsuData(body: unknown): PsuData {
  const parsed = bodySchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    400,
    'FORMAT_ERROR',
    'The body must be empty or hold psuData.password, authenticationMethodId, scaAuthenticationData or confirmationCode.',
  );
}
