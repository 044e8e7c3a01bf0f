import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The certificate of the other end of a TLS connection. */
export interface ClientCertificate {
  readonly certificate: X509Certificate;
  /** True when an authority that the operator trusts has issued it and it is valid now. */
  readonly isTrusted: boolean;
}

/** How the gateway knows the certificate of a request; null when there is none. */
export type CertificateOf = (request: IncomingMessage) => ClientCertificate | null;

/**
 * True when the subject of the certificate is this distinguished name (RFC 4514: the parts between commas, the most
 * particular first). The order of the parts may be either, because tools print both.
 */
export function hasSubject(certificate: X509Certificate, distinguishedName: string): boolean {
  const actual = certificate.subject.split('\n').map(canonicalPart);
  const expected = partsOf(distinguishedName).map(canonicalPart);
  const isEqual = (parts: readonly string[]) =>
    parts.length === actual.length && parts.every((part, index) => part === actual[index]);
  return isEqual(expected) || isEqual(expected.toReversed());
}

/** Splits at the commas that no backslash escapes. */
function partsOf(distinguishedName: string): string[] {
  const parts: string[] = [''];
  for (let index = 0; index < distinguishedName.length; index += 1) {
    const character = distinguishedName.charAt(index);
    if (character === ',') parts.push('');
    else {
      const isEscape = character === '\\' && index + 1 < distinguishedName.length;
      if (isEscape) index += 1;
      parts.push(`${parts.pop() ?? ''}${isEscape ? `\\${distinguishedName.charAt(index)}` : character}`);
    }
  }
  return parts;
}

function canonicalPart(part: string): string {
  const [type = '', ...value] = part.trim().split('=');
  return `${type.trim().toUpperCase()}=${value.join('=').trim()}`;
}
