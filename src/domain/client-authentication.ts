import { z } from 'zod';

/**
 * How a client proves who it is: a secret (in the Authorization header or in the form, RFC 6749, 2.3.1), a signed JWT
 * (RFC 7523) or a TLS certificate, issued by an authority that we trust or its own (RFC 8705, 2).
 */
export const authenticationMethods = [
  'client_secret',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const;
export type AuthenticationMethod = (typeof authenticationMethods)[number];

/** How long an old secret is valid beside the new one unless told otherwise, and at most. */
export const secretOverlapSecondsDefault = 7 * 86_400;
export const secretOverlapSecondsMax = 90 * 86_400;

const publicKey = z
  .looseObject({ kty: z.enum(['EC', 'OKP', 'RSA', 'AKP']), kid: z.string().max(200).optional() })
  .refine((key) => !['d', 'p', 'q', 'dp', 'dq', 'qi', 'priv', 'k'].some((part) => part in key), {
    message: 'a private or symmetric key does not belong here: give the public half',
  });

/** Public keys (RFC 7517), at most ten. */
export const jsonWebKeySet = z.object({ keys: z.array(publicKey).min(1).max(10) });
export interface JsonWebKeySet {
  readonly keys: readonly {
    readonly kty: string;
    readonly kid?: string | undefined;
    readonly [member: string]: unknown;
  }[];
}
