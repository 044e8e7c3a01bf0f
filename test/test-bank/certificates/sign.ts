import { createHash, createSign, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CertificateWithKey } from '../../../src/test-bank/certificates/test-certificates.ts';

/** A call before it is signed; header names in lower case. */
export interface Unsigned {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface How {
  readonly keyId: string;
  readonly covers: readonly string[];
  readonly algorithm?: 'rsa-sha256' | 'rsa-sha512';
}

/** Signs as a third party does (draft-cavage-http-signatures-12): written from the draft, apart from the bank's code. */
function sign(
  { method, target, headers }: Unsigned,
  key: string,
  { keyId, covers, algorithm = 'rsa-sha256' }: How,
): string {
  const lines = covers.map((name) =>
    name === '(request-target)' ? `${name}: ${method.toLowerCase()} ${target}` : `${name}: ${headers[name] ?? ''}`,
  );
  const signer = createSign(algorithm === 'rsa-sha512' ? 'RSA-SHA512' : 'RSA-SHA256').update(lines.join('\n'));
  return `keyId="${keyId}",algorithm="${algorithm}",headers="${covers.join(' ')}",signature="${signer.sign(key, 'base64')}"`;
}

export function digestOf(body = ''): string {
  return `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
}

/** The headers of a signed Berlin Group call: digest always, the certificate along with it. */
export function signedForBerlinGroup(
  call: Unsigned,
  seal: CertificateWithKey,
  how: Partial<How> = {},
): Record<string, string> {
  const headers = { ...call.headers, digest: digestOf(call.body) };
  const certificate = new X509Certificate(seal.certificate);
  const issuer = certificate.issuer.split('\n').toReversed().join(',').replaceAll(' ', '%20');
  const covers = ['digest', 'x-request-id', ...('tpp-redirect-uri' in headers ? ['tpp-redirect-uri'] : [])];
  const keyId = `SN=${certificate.serialNumber},CA=${issuer}`;
  return {
    ...headers,
    signature: sign({ ...call, headers }, seal.privateKey, { keyId, covers, ...how }),
    'tpp-signature-certificate': certificate.raw.toString('base64'),
  };
}

/** The headers of a signed STET call: digest with a body, keyId the address of the certificate. */
export function signedForStet(
  call: Unsigned,
  seal: CertificateWithKey,
  how: Partial<How> & { keyId: string },
): Record<string, string> {
  const headers = { ...call.headers, ...(call.body === undefined ? {} : { digest: digestOf(call.body) }) };
  const covers = ['(request-target)', 'x-request-id', ...('digest' in headers ? ['digest'] : [])];
  return { ...headers, signature: sign({ ...call, headers }, seal.privateKey, { covers, ...how }) };
}

/** The third party's web site, where its certificates lie. */
export async function certificateSite(files: Readonly<Record<string, string>>) {
  const server = createServer((request, response) => {
    const file = files[request.url ?? ''];
    response.statusCode = file === undefined ? 404 : 200;
    response.end(file);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}
