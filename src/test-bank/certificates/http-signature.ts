import { createHash, createVerify, type KeyObject } from 'node:crypto';
import { Refusal } from '../refusal.ts';

/** A parsed Signature header (draft-cavage-http-signatures-10 and -12). */
export interface HttpSignature {
  readonly keyId: string;
  readonly algorithm: string;
  /** Lower-case names, in the order of signing. */
  readonly headers: readonly string[];
  readonly signature: string;
}

/** The request as it is signed: `target` is path and query. */
export interface SignedRequest {
  readonly method: string;
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const digestNames: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };
const algorithmNames: Readonly<Record<string, string>> = { 'rsa-sha256': 'RSA-SHA256', 'rsa-sha512': 'RSA-SHA512' };

function invalid(why: string): Refusal {
  return new Refusal(401, 'SIGNATURE_INVALID', why, { path: 'Signature' });
}

/** Reads the header. Throws SIGNATURE_MISSING or SIGNATURE_INVALID. */
export function parseSignature(header: string | undefined): HttpSignature {
  if (header === undefined || header.trim() === '') {
    throw new Refusal(401, 'SIGNATURE_MISSING', 'This bank wants signed calls: the header Signature is missing.', {
      path: 'Signature',
    });
  }
  const parts = new Map<string, string>();
  for (const [, name = '', value = ''] of header.replace(/^Signature\s+/i, '').matchAll(/(\w+)="([^"]*)"/g)) {
    if (parts.has(name)) throw invalid(`The header Signature has ${name} twice.`);
    parts.set(name, value);
  }
  const part = (name: string): string => {
    const value = parts.get(name);
    if (value === undefined || value === '') throw invalid(`The header Signature has no ${name}.`);
    return value;
  };
  return {
    keyId: part('keyId'),
    algorithm: part('algorithm').toLowerCase(),
    headers: part('headers').toLowerCase().split(/\s+/),
    signature: part('signature'),
  };
}

/** Compares the Digest header (RFC 3230) with the body. Throws SIGNATURE_INVALID. */
export function requireDigest({ headers, body }: SignedRequest): void {
  const digest = headers['digest'];
  if (digest === undefined) throw invalid('The header Digest is missing.');
  const [, name = '', value = ''] = /^([\w-]+)=(.+)$/.exec(digest.trim()) ?? [];
  const hash = digestNames[name.toLowerCase()];
  if (hash === undefined) throw invalid('The header Digest must be SHA-256 or SHA-512.');
  if (createHash(hash).update(body).digest('base64') !== value) throw invalid('The Digest is not that of the body.');
}

/** Checks that these headers are signed, and the signature itself. Throws SIGNATURE_INVALID. */
export function requireSignature(
  signature: HttpSignature,
  request: SignedRequest,
  required: readonly string[],
  key: KeyObject,
): void {
  const unsigned = required.filter((name) => !signature.headers.includes(name));
  if (unsigned.length > 0) throw invalid(`The signature does not cover: ${unsigned.join(', ')}.`);
  const absent = signature.headers.filter((name) => name !== '(request-target)' && request.headers[name] === undefined);
  if (absent.length > 0) throw invalid(`The signature covers headers that are absent: ${absent.join(', ')}.`);
  const algorithm = algorithmNames[signature.algorithm];
  if (algorithm === undefined) throw invalid('The algorithm must be rsa-sha256 or rsa-sha512.');
  const isRight =
    key.asymmetricKeyType === 'rsa' &&
    createVerify(algorithm).update(signingText(signature.headers, request)).verify(key, signature.signature, 'base64');
  if (!isRight) throw invalid('The signature does not fit the call and the certificate.');
}

/** The text that is signed (draft-cavage, 2.3). */
export function signingText(names: readonly string[], { method, target, headers }: SignedRequest): string {
  return names
    .map((name) =>
      name === '(request-target)'
        ? `${name}: ${method.toLowerCase()} ${target}`
        : `${name}: ${(headers[name] ?? '').trim()}`,
    )
    .join('\n');
}
