import { X509Certificate as NodeCertificate, type KeyObject } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import {
  decodeStatements,
  qualifiedStatementsOid,
  type QualifiedStatements,
  type QualifiedType,
} from './psd2-statement.ts';
import { X509Certificate } from './x509.ts';

/** What the bank reads from a certificate of a third party. */
export interface ThirdPartyCertificate {
  /** `PSD` + country + `-` + authority + `-` + number (ETSI TS 119 495, 5.2.1), or null when the subject has none. */
  readonly organizationIdentifier: string | null;
  readonly statements: QualifiedStatements | null;
  readonly serialNumber: string;
  /** Issuer as pairs of type and value, for comparing. */
  readonly issuer: string;
  readonly publicKey: KeyObject;
  /** Base64url of the SHA-256 of the DER (RFC 8705, 3.1). */
  readonly thumbprint: string;
  readonly node: NodeCertificate;
}

const organizationIdentifierOid = '2.5.4.97';

/** Reads DER or PEM; null when it is not a certificate. */
export function readCertificate(encoded: Buffer | string): ThirdPartyCertificate | null {
  try {
    const node = new NodeCertificate(encoded);
    const certificate = new X509Certificate(Uint8Array.from(node.raw));
    const statements = certificate.getExtension(qualifiedStatementsOid)?.value;
    return {
      organizationIdentifier: certificate.subjectName.getField(organizationIdentifierOid)[0] ?? null,
      statements: statements ? decodeStatements(statements) : null,
      serialNumber: node.serialNumber,
      issuer: nameKey(certificate.issuerName.toJSON()),
      publicKey: node.publicKey,
      thumbprint: Buffer.from(node.fingerprint256.replaceAll(':', ''), 'hex').toString('base64url'),
      node,
    };
  } catch {
    return null;
  }
}

/** The same text for the same name, in whatever order its parts are written. */
export function nameKey(parts: readonly Readonly<Record<string, readonly string[]>>[]): string {
  return parts
    .flatMap((part) => Object.entries(part).flatMap(([type, values]) => values.map((value) => `${type}=${value}`)))
    .toSorted()
    .join('\n');
}

/**
 * Judges a certificate by the bank's clock: issued by a root that the bank trusts, of the right type, with a PSD2
 * statement, and with the role of an account information service. Throws a Refusal that says what is wrong.
 */
export function requireThirdParty(
  certificate: ThirdPartyCertificate,
  type: QualifiedType,
  trustedRoots: readonly NodeCertificate[],
  now: Date,
): string {
  const { node, statements, organizationIdentifier } = certificate;
  const name = type === 'web' ? 'QWAC' : 'QSealC';
  const refuse = (code: string, why: string) => new Refusal(401, code, `The ${name} is refused: ${why}`);
  const isIssued = trustedRoots.some((root) => node.checkIssued(root) && node.verify(root.publicKey));
  if (!isIssued) throw refuse('CERTIFICATE_INVALID', 'no trust service provider known to this bank issued it.');
  if (now < new Date(node.validFrom)) throw refuse('CERTIFICATE_INVALID', 'it is not valid yet.');
  if (now > new Date(node.validTo)) throw refuse('CERTIFICATE_EXPIRED', 'it has expired.');
  if (!statements?.isCompliant || statements.type !== type) {
    throw refuse('CERTIFICATE_INVALID', `it is not stated to be a qualified certificate for ${use[type]}.`);
  }
  if (!statements.roles || !statements.authority) throw refuse('CERTIFICATE_INVALID', 'it has no PSD2 statement.');
  if (!organizationIdentifier?.startsWith(`PSD${statements.authority.id}-`)) {
    throw refuse('CERTIFICATE_INVALID', 'organizationIdentifier does not begin with PSD and the id of the authority.');
  }
  if (!statements.roles.includes('PSP_AI')) throw refuse('ROLE_INVALID', 'it has not the role PSP_AI.');
  return organizationIdentifier;
}

const use: Readonly<Record<QualifiedType, string>> = { web: 'web-site authentication', seal: 'seals' };
