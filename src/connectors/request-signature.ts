import { createHash, createSign, X509Certificate } from 'node:crypto';
import { Failure } from '../domain/failure.ts';
import type { BankSeal } from './bank-identity.ts';

/** Which rules the seal follows: both are draft-cavage-http-signatures-12 with a Digest (RFC 3230). */
export type SignatureStyle = 'berlin-group' | 'stet';

interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case; with an `x-request-id`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What Berlin Group has signed wherever it is sent (Implementation Guidelines 1.3, 12.2), and nothing else. */
const berlinGroupNames = ['digest', 'x-request-id', 'psu-id', 'psu-corporate-id', 'date', 'tpp-redirect-uri'];

/**
 * The headers with Digest, Signature and, for Berlin Group, TPP-Signature-Certificate. Berlin Group digests the empty
 * body as well and names the certificate by serial number and issuer; STET digests a body only, signs the target, and
 * names the certificate by the address where the bank finds it. Throws CONNECTOR_CONFIG_INVALID for a seal without it.
 */
export function signedHeaders(request: UnsignedRequest, seal: BankSeal, style: SignatureStyle): Record<string, string> {
  const { headers, body } = request;
  if (headers['x-request-id'] === undefined) throw new Error('A request without X-Request-ID cannot be signed.');
  const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
  if (style === 'berlin-group') {
    const certificate = new X509Certificate(seal.certificate);
    const signed = { ...headers, digest };
    const names = berlinGroupNames.filter((name) => name in signed);
    return {
      ...signed,
      signature: signature(request, signed, names, seal, berlinGroupKeyId(certificate)),
      'tpp-signature-certificate': certificate.raw.toString('base64'),
    };
  }
  if (seal.keyId === undefined)
    throw new Failure('CONNECTOR_CONFIG_INVALID', {
      message: 'The seal has no keyId, the address at which this bank finds its certificate; the operator must add it.',
    });
  const signed = body === '' ? { ...headers } : { ...headers, digest };
  const psuNames = Object.keys(signed).filter((name) => name.startsWith('psu-'));
  const names = ['(request-target)', 'x-request-id', ...(body === '' ? [] : ['digest']), ...psuNames];
  return { ...signed, signature: signature(request, signed, names, seal, seal.keyId) };
}

function signature(
  { method, url }: UnsignedRequest,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
  seal: BankSeal,
  keyId: string,
): string {
  const lines = names.map((name) =>
    name === '(request-target)'
      ? `${name}: ${method.toLowerCase()} ${url.pathname}${url.search}`
      : `${name}: ${(headers[name] ?? '').trim()}`,
  );
  const value = createSign('RSA-SHA256').update(lines.join('\n')).sign(seal.privateKey, 'base64');
  return `keyId="${keyId}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${value}"`;
}

/** `SN=<hexadecimal serial>,CA=<issuer>`, the issuer from its most to its least precise part, spaces as %20. */
function berlinGroupKeyId({ serialNumber, issuer }: X509Certificate): string {
  const name = issuer.split('\n').toReversed().join(',');
  return `SN=${serialNumber},CA=${name.replace(/[^\x21\x23-\x7E]/gu, encodeURIComponent)}`;
}
