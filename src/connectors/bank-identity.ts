import { z } from 'zod';
import { Failure } from '../domain/failure.ts';
import type { BankEndpoint } from './connector.ts';

/** A certificate and its private key, both PEM. */
export interface BankCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** The seal certificate (QSealC) with its key, which is RSA. */
export interface BankSeal extends BankCertificate {
  /** How STET banks find the certificate: the address where it lies, PEM. Berlin Group names it by itself. */
  readonly keyId?: string;
}

/**
 * Who we are to a bank: what its registration gave us, and our eIDAS certificates (ETSI TS 119 495). Read from the
 * operator's configuration, never from a table.
 */
export interface BankIdentity {
  /** The OAuth2 client id; for many banks the PSP's authorisation number, `PSDFR-ACPR-12345`. */
  readonly clientId: string;
  /** Absent where the certificate of the connection is the proof (RFC 8705). */
  readonly clientSecret?: string;
  /** The website certificate (QWAC) with which we open connections. */
  readonly tls?: BankCertificate;
  /** The certificate with which we sign requests. */
  readonly seal?: BankSeal;
  /** PEM of authorities that we trust at this bank besides the public ones. */
  readonly authorities?: string;
}

/** Quirks that every dialect knows: who we are to the bank, and whether it wants our seal on each request. */
export const identityQuirks = {
  /** The name of an identity of the installation; `default` where absent. */
  identity: z.string().min(1).max(40).optional(),
  isSigned: z.boolean().default(false),
} as const;

/** The identities of this installation by their names. */
export type BankIdentities = ReadonlyMap<string, BankIdentity>;

/** The identity that a provider's entry asks for by its quirk `identity` (`default` where it names none), or null. */
export function findIdentity(identities: BankIdentities, endpoint: BankEndpoint): BankIdentity | null {
  const name = endpoint.quirks['identity'] ?? 'default';
  return typeof name === 'string' ? (identities.get(name) ?? null) : null;
}

/** As `findIdentity`; throws CONNECTOR_CONFIG_INVALID where this installation has none. */
export function identityFor(identities: BankIdentities, endpoint: BankEndpoint): BankIdentity {
  const identity = findIdentity(identities, endpoint);
  if (identity) return identity;
  throw new Failure('CONNECTOR_CONFIG_INVALID', {
    message: 'This installation has no identity to show to the bank; the operator must configure one.',
  });
}
