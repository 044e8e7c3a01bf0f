import { X509Certificate } from 'node:crypto';
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

/** Reads what makeTestCertificates wrote. Throws an Error that names the directory. */
export async function readServerCertificates(directory: string): Promise<ServerCertificates> {
  try {
    const read = (name: string) => readFile(join(directory, name), 'utf8');
    const [root, certificate, privateKey] = await Promise.all(
      ['root.pem', 'server.pem', 'server.key.pem'].map((name) => read(name)),
    );
    return {
      server: { certificate: certificate ?? '', privateKey: privateKey ?? '' },
      trustedRoots: [root ?? ''],
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new Error(
      `The certificates in ${directory} cannot be read (${code}). Make them first, or name another directory.`,
    );
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
