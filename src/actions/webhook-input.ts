import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Issue } from '../domain/failure.ts';
import { isAllowedAddress, literalAddress } from '../kernel/internet-address.ts';

const descriptionCharactersMax = 200;
const urlCharactersMax = 2048;
const pemCharactersMax = 32_768;

/** What an endpoint is called with when it wants mutual TLS. */
export interface ClientCertificateInput {
  /** PEM, with the chain. */
  readonly certificate: string;
  /** PEM, without a passphrase. */
  readonly privateKey: string;
}

interface WebhookInput {
  readonly url?: string;
  readonly description?: string | null;
  readonly clientCertificate?: ClientCertificateInput | null;
}

/**
 * Every rule that the input breaks. Where a name leads is seen when it is called; an address of numbers is judged at once
 * by the same rule.
 */
export function webhookIssues(input: WebhookInput, isLoopbackAllowed: boolean, now: Date): Issue[] {
  const issues: Issue[] = [];
  if (input.url !== undefined) issues.push(...urlIssues(input.url, isLoopbackAllowed));
  if ((input.description?.length ?? 0) > descriptionCharactersMax) {
    issues.push({ path: ['description'], message: `Must have at most ${descriptionCharactersMax} characters.` });
  }
  if (input.clientCertificate) {
    const problem = certificateProblem(input.clientCertificate, now);
    if (problem) issues.push({ path: ['clientCertificate'], message: problem });
  }
  return issues;
}

function urlIssues(text: string, isLoopbackAllowed: boolean): Issue[] {
  const url = text.length <= urlCharactersMax && URL.canParse(text) ? new URL(text) : null;
  const protocols = isLoopbackAllowed ? ['https:', 'http:'] : ['https:'];
  if (!url || !protocols.includes(url.protocol)) {
    return [{ path: ['url'], message: `Must be an ${isLoopbackAllowed ? 'https or http' : 'https'} address.` }];
  }
  if (url.username || url.password) return [{ path: ['url'], message: 'Must hold no user name and no password.' }];
  const address = literalAddress(url);
  if (address === null || isAllowedAddress(address, isLoopbackAllowed)) return [];
  const where = isLoopbackAllowed ? 'the open internet or of this machine (loopback)' : 'the open internet';
  return [{ path: ['url'], message: `Must be an address of ${where}: this one is private, local or reserved.` }];
}

/** When the certificate ends. */
export function certificateEnd({ certificate }: ClientCertificateInput): Date {
  return new X509Certificate(certificate).validToDate;
}

function certificateProblem(input: ClientCertificateInput, now: Date): string | null {
  if (input.certificate.length + input.privateKey.length > pemCharactersMax) return 'Is too long.';
  try {
    const certificate = new X509Certificate(input.certificate);
    if (certificate.validToDate <= now) return 'Has expired.';
    if (!certificate.checkPrivateKey(createPrivateKey(input.privateKey))) return 'Its private key is of another one.';
    return null;
  } catch {
    return 'Must be a certificate and a private key in PEM, the key without a passphrase.';
  }
}
