import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { join } from 'node:path';
import type { CertificateWithKey } from './test-certificates.ts';

/** What the bank needs to serve TLS and to judge certificates of third parties. All PEM. */
export interface ServerCertificates {
  /** Its own; plain HTTP when null, and then no third party can show a QWAC. */
  readonly server: CertificateWithKey | null;
  /** Of the trust service providers whose certificates it accepts. */
  readonly trustedRoots: readonly string[];
}

/**
 * Reads what makeTestCertificates wrote. Throws an Error that names the directory and every file that is missing, or
 * the one that is not what its name says.
 */
export async function readServerCertificates(directory: string): Promise<ServerCertificates> {
  const names = ['root.pem', 'server.pem', 'server.key.pem'] as const;
  const read = await Promise.allSettled(names.map((name) => readFile(join(directory, name), 'utf8')));
  const unread = names.flatMap((name, index) => {
    const result = read[index];
    return result?.status === 'rejected' ? [`${name} (${codeOf(result.reason)})`] : [];
  });
  if (unread.length > 0) {
    throw new Error(
      `The certificates in ${directory} cannot be read: ${unread.join(', ')}. Make them first, or name another directory.`,
    );
  }
  const [root = '', certificate = '', privateKey = ''] = read.map((result) =>
    result.status === 'fulfilled' ? result.value : '',
  );
  const problem = problemOf(root, certificate, privateKey);
  if (problem !== null) {
    throw new Error(`The certificates in ${directory} cannot be used: ${problem}. Make them anew.`);
  }
  return { server: { certificate, privateKey }, trustedRoots: [root] };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}

function problemOf(root: string, certificate: string, privateKey: string): string | null {
  if (!attempt(() => new X509Certificate(root))) return 'root.pem is not a PEM certificate';
  const server = attempt(() => new X509Certificate(certificate));
  if (!server) return 'server.pem is not a PEM certificate';
  const key = attempt(() => createPrivateKey(privateKey));
  if (!key) return 'server.key.pem is not a PEM private key';
  return server.checkPrivateKey(key) ? null : 'server.key.pem is not the key of server.pem';
}

function attempt<Made>(make: () => Made): Made | null {
  try {
    return make();
  } catch {
    return null;
  }
}

/** The parsed roots. Throws an Error when one is not a certificate. */
export function parseRoots(roots: readonly string[]): X509Certificate[] {
  return roots.map((pem) => {
    try {
      return new X509Certificate(pem);
    } catch {
      throw new Error('A trusted root is not a PEM certificate.');
    }
  });
}

/**
 * TLS that asks for a client certificate and takes any or none: the bank itself refuses, in the words of the protocol
 * (CERTIFICATE_MISSING and others), where a failed handshake would tell nothing.
 */
export function tlsOptions({ server, trustedRoots }: ServerCertificates) {
  if (!server) return {};
  const serverOptions = {
    key: server.privateKey,
    cert: server.certificate,
    ca: [...trustedRoots],
    requestCert: true,
    rejectUnauthorized: false,
  };
  return { createServer, serverOptions };
}
