import { createHash } from 'node:crypto';
import { Refusal } from '../refusal.ts';
import type { ScenarioHosts } from '../remote-scenario/address-rules.ts';
import { fetchText } from '../remote-scenario/fetch-text.ts';
import type { HttpSignature } from './http-signature.ts';
import { nameKey, readCertificate, type ThirdPartyCertificate } from './third-party-certificate.ts';
import { Name } from './x509.ts';

function refuse(code: string, why: string, path: string): Refusal {
  return new Refusal(401, code, why, { path });
}

/**
 * Berlin Group (Implementation Guidelines 12): the certificate comes along in TPP-Signature-Certificate, base64 of DER
 * or of PEM, and keyId names it as `SN=<hexadecimal serial>,CA=<issuer, spaces as %20>`.
 */
export function sealOfBerlinGroup({ keyId }: HttpSignature, header: string | undefined): ThirdPartyCertificate {
  if (header === undefined) {
    throw refuse(
      'CERTIFICATE_MISSING',
      'The header TPP-Signature-Certificate is missing.',
      'TPP-Signature-Certificate',
    );
  }
  const certificate = readCertificate(derOf(header));
  if (!certificate) {
    throw refuse('CERTIFICATE_INVALID', 'TPP-Signature-Certificate holds no certificate.', 'TPP-Signature-Certificate');
  }
  const [, serial = '', issuer = ''] = /^SN=([0-9a-f]+),CA=(.+)$/i.exec(keyId) ?? [];
  const isNamed =
    withoutZeros(serial) === withoutZeros(certificate.serialNumber) && issuerKey(issuer) === certificate.issuer;
  if (!isNamed) {
    throw refuse(
      'SIGNATURE_INVALID',
      'keyId must be SN=<serial>,CA=<issuer> of the certificate that is sent.',
      'Signature',
    );
  }
  return certificate;
}

/**
 * STET: keyId is the address of the certificate (PEM). Where its last part ends in `_` and a SHA-1 or SHA-256 in
 * hexadecimal, that must be the fingerprint of what is found there.
 */
export async function sealOfStet({ keyId }: HttpSignature, hosts: ScenarioHosts): Promise<ThirdPartyCertificate> {
  const { text, problem } = await fetchText(keyId, hosts);
  if (text === null) {
    throw refuse(
      'SIGNATURE_INVALID',
      `keyId must be the address of the QSealC; it cannot be read: ${problem}.`,
      'Signature',
    );
  }
  const certificate = readCertificate(text);
  if (!certificate)
    throw refuse('CERTIFICATE_INVALID', 'There is no PEM certificate at the address in keyId.', 'Signature');
  const fingerprint = /_([0-9a-f]{40}|[0-9a-f]{64})(?:\.\w+)?$/i.exec(keyId)?.[1]?.toLowerCase();
  const hash = fingerprint?.length === 40 ? 'sha1' : 'sha256';
  if (fingerprint !== undefined && createHash(hash).update(certificate.node.raw).digest('hex') !== fingerprint) {
    throw refuse('SIGNATURE_INVALID', 'The certificate at keyId has not the fingerprint in its name.', 'Signature');
  }
  return certificate;
}

function derOf(header: string): Buffer {
  const body = header.replace(/-----(BEGIN|END) CERTIFICATE-----/g, '').replace(/\s/g, '');
  const decoded = Buffer.from(body, 'base64');
  const pem = decoded.toString('latin1');
  return pem.startsWith('-----BEGIN') ? derOf(pem) : decoded;
}

function withoutZeros(serial: string): string {
  return serial.toUpperCase().replace(/^0+/, '');
}

function issuerKey(text: string): string | null {
  try {
    return nameKey(new Name(decodeURIComponent(text)).toJSON());
  } catch {
    return null;
  }
}
