import { createPrivateKey } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeStatements, qualifiedStatementsOid, type Psd2Role, type QualifiedType } from './psd2-statement.ts';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509Certificate,
} from './x509.ts';

export interface TestCertificateOptions {
  /** The instant from which they are valid; a day earlier in fact, for clocks that differ. */
  readonly now: Date;
  readonly validDays?: number;
  /** `PSD` + country + `-` + authority + `-` + number. */
  readonly organizationIdentifier?: string;
  readonly roles?: readonly Psd2Role[];
  /** The root that issues; a new one when absent. */
  readonly issuer?: CertificateWithKey;
}

/** A certificate and its private key (PKCS #8), both PEM. */
export interface CertificateWithKey {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a bank with TLS and a third party need: everything is for tests, and signed by a root that nobody trusts. */
export interface TestCertificates {
  /** The root of a test trust service provider (QTSP). */
  readonly root: CertificateWithKey;
  readonly qwac: CertificateWithKey;
  readonly qseal: CertificateWithKey;
  /** For the bank's own TLS on localhost. */
  readonly server: CertificateWithKey;
}

interface Issuer {
  readonly certificate: X509Certificate;
  readonly privateKey: CryptoKey;
}

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const;

/** Makes the certificates in memory, with the statements of ETSI TS 119 495. */
export async function testCertificates(options: TestCertificateOptions): Promise<TestCertificates> {
  const { organizationIdentifier = 'PSDFR-ACPR-12345', roles = ['PSP_AI'] } = options;
  const validity = validityOf(options);
  const root = options.issuer ?? (await newRoot(validity));
  const issuer = await issuerOf(root);
  const subject = new Name([
    { C: [{ printableString: 'FR' }] },
    { O: [{ utf8String: 'Demo Aggregator SAS' }] },
    { '2.5.4.97': [{ utf8String: organizationIdentifier }] },
    { CN: [{ utf8String: 'aggregator.example' }] },
  ]);
  const authorityId = organizationIdentifier.split('-').slice(0, 2).join('-').slice('PSD'.length);
  const statements = (type: QualifiedType) =>
    new Extension(
      qualifiedStatementsOid,
      false,
      encodeStatements(type, roles, { name: 'Autorite de controle prudentiel et de resolution', id: authorityId }),
    );
  const localhost = new SubjectAlternativeNameExtension([
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
  ]);
  const tlsUsage = new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true);
  const webUsage = new ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
  const [qwac, qseal, server] = await Promise.all([
    issue(issuer, subject, validity, [tlsUsage, webUsage, localhost, statements('web')]),
    issue(issuer, subject, validity, [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation, true),
      statements('seal'),
    ]),
    issue(issuer, new Name('C=FR, CN=localhost'), validity, [tlsUsage, webUsage, localhost]),
  ]);
  return { root, qwac, qseal, server };
}

/** Writes `<name>.pem` and `<name>.key.pem` for root, qwac, qseal and server; keys are readable by their owner only. */
export async function makeTestCertificates(
  directory: string,
  options: TestCertificateOptions,
): Promise<TestCertificates> {
  const made = await testCertificates(options);
  await mkdir(directory, { recursive: true });
  await Promise.all(
    Object.entries(made).flatMap(([name, { certificate, privateKey }]: [string, CertificateWithKey]) => [
      writeFile(join(directory, `${name}.pem`), `${certificate}\n`),
      writeFile(join(directory, `${name}.key.pem`), `${privateKey}\n`, { mode: 0o600 }),
    ]),
  );
  return made;
}

interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

async function newRoot(validity: Validity): Promise<CertificateWithKey> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'C=FR, O=Test Trust Services, CN=Test QTSP Root',
    ...validity,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await pemOf(keys) };
}

async function issuerOf({ certificate, privateKey }: CertificateWithKey): Promise<Issuer> {
  const der = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  return {
    certificate: new X509Certificate(certificate),
    privateKey: await crypto.subtle.importKey('pkcs8', Uint8Array.from(der), algorithm, false, ['sign']),
  };
}

async function issue(
  issuer: Issuer,
  subject: Name,
  validity: Validity,
  extensions: Extension[],
): Promise<CertificateWithKey> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create({
    subject,
    issuer: issuer.certificate.subjectName,
    ...validity,
    publicKey: keys.publicKey,
    signingKey: issuer.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      ...extensions,
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await pemOf(keys) };
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

async function pemOf({ privateKey }: CryptoKeyPair): Promise<string> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END PRIVATE KEY-----`;
}

const millisecondsPerDay = 86_400_000;

function validityOf({ now, validDays = 730 }: TestCertificateOptions): Validity {
  const day = (days: number) => new Date(now.getTime() + days * millisecondsPerDay);
  return { notBefore: day(-1), notAfter: day(validDays) };
}
