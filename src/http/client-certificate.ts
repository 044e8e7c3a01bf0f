import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../kernel/clock.ts';
import type { CertificateOf } from '../oauth/client-certificate.ts';

interface CertificateOptions {
  /**
   * The header in which a proxy of ours hands on the certificate that it has seen (RFC 9440: `Client-Cert`), in lower
   * case; it must strip the header from what others send. Null: the certificate is the connection's own.
   */
  readonly header: string | null;
  /** Of certificates that are trusted, in PEM. */
  readonly authorities: readonly string[];
  readonly clock: Clock;
}

/** Reads the certificate of a client, from the TLS connection or from the header of a trusted proxy, never from both. */
export function certificateReader({ header, authorities, clock }: CertificateOptions): CertificateOf {
  if (header === null) return certificateOfConnection;
  const trusted = authorities.map((pem) => new X509Certificate(pem));
  return (request) => {
    const certificate = parseHeader(request.headers[header]);
    return certificate && { certificate, isTrusted: isTrusted(certificate, trusted, clock.now()) };
  };
}

function certificateOfConnection({ socket }: IncomingMessage): ReturnType<CertificateOf> {
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  return certificate ? { certificate, isTrusted: socket.authorized } : null;
}

/** A byte sequence of a structured field: base64 of DER between colons (RFC 9440, 2.2). */
function parseHeader(value: string | string[] | undefined): X509Certificate | null {
  const [, encoded] = /^:([A-Za-z0-9+/]{1,16384}={0,2}):$/.exec(typeof value === 'string' ? value.trim() : '') ?? [];
  if (encoded === undefined) return null;
  try {
    return new X509Certificate(Buffer.from(encoded, 'base64'));
  } catch {
    return null;
  }
}

/** True when one of the authorities has issued it itself and it is valid now. */
function isTrusted(certificate: X509Certificate, authorities: readonly X509Certificate[], now: Date): boolean {
  const isValid = new Date(certificate.validFrom) <= now && now <= new Date(certificate.validTo);
  const isIssuedBy = (authority: X509Certificate) =>
    authority.ca && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
  return isValid && authorities.some(isIssuedBy);
}
