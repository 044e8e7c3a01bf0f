import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate with its key, in PEM and as the base64 of its DER. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly der: string;
  readonly publicJwk: JsonWebKey;
}

/** An authority of a test's own, which issues certificates by their subject. */
export async function testAuthority(name = 'CN=Test CA') {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 86_400_000),
    extensions: [new x509.BasicConstraintsExtension(true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign)],
  });
  let serial = 1;
  return {
    certificate: root.toString('pem'),
    async issue(subject: string, names: x509.JsonGeneralNames = []): Promise<TestCertificate> {
      const own = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      serial += 1;
      const issued = await x509.X509CertificateGenerator.create({
        serialNumber: serial.toString(16).padStart(2, '0'),
        subject,
        issuer: root.subject,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        notBefore: new Date(Date.now() - 3_600_000),
        notAfter: new Date(Date.now() + 86_400_000),
        extensions: names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [],
      });
      return toTestCertificate(issued, own);
    },
  };
}

/** A certificate that nobody but its owner vouches for. */
export async function selfSigned(name: string): Promise<TestCertificate> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const notBefore = new Date(Date.now() - 3_600_000);
  const notAfter = new Date(Date.now() + 86_400_000);
  const options = { name, keys, signingAlgorithm: algorithm, notBefore, notAfter };
  return toTestCertificate(await x509.X509CertificateGenerator.createSelfSigned(options), keys);
}

async function toTestCertificate(certificate: x509.X509Certificate, keys: CryptoKeyPair) {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
    der: Buffer.from(certificate.rawData).toString('base64'),
    publicJwk: await crypto.subtle.exportKey('jwk', keys.publicKey),
  };
}
