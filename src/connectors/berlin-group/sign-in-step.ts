import { z } from 'zod';

const common = {
  /** The bank's words for it. */
  prompt: z.string(),
  expiresAt: z.iso.datetime(),
  /** Where the state of the authorisation is told, if anywhere. */
  statusUrl: z.string().optional(),
};

/** What a person who is signing in was asked last, and where the answer goes: kept in the session. */
export const signInStep = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('CHOICE'),
    ...common,
    url: z.string(),
    options: z.array(z.object({ value: z.string(), label: z.string() })),
  }),
  z.object({
    kind: z.literal('OTP'),
    ...common,
    url: z.string(),
    sentTo: z.string().nullable(),
    attemptsLeft: z.int().nullable(),
    lengthMax: z.int(),
    isNumeric: z.boolean(),
  }),
  z.object({ kind: z.literal('PASSWORD'), ...common, url: z.string(), method: z.enum(['PUT', 'POST']) }),
  z.object({ kind: z.literal('APP_APPROVAL'), ...common, comparisonCode: z.string().nullable() }),
  z.object({ kind: z.literal('REDIRECT'), ...common, url: z.string() }),
]);
export type SignInStep = z.infer<typeof signInStep>;
