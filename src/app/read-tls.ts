import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { certificateReader } from '../http/client-certificate.ts';
import type { TlsOptions } from '../http/listen.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CertificateOf } from '../oauth/client-certificate.ts';
import type { Config } from './config.ts';

interface Tls {
  readonly tls: TlsOptions | null;
  /** How to know a client's certificate; null where none can come. */
  readonly certificateOf: (clock: Clock) => CertificateOf | null;
}

/** Reads the files that the settings name; throws an error that names the setting whose file is not what it should be. */
export async function readTls(config: Config): Promise<Tls> {
  const { tls, tlsClientAuthorities, clientCertificateHeader: header } = config;
  const bundle = tlsClientAuthorities === null ? null : await read('TLS_CLIENT_CA', tlsClientAuthorities);
  const authorities = bundle?.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  for (const pem of authorities) checkCertificate('TLS_CLIENT_CA', pem);
  const areAskedFor = bundle !== null && header === null;
  return {
    tls: tls && {
      certificate: checkCertificate('TLS_CERTIFICATE', await read('TLS_CERTIFICATE', tls.certificate)),
      key: await read('TLS_KEY', tls.key),
      clientAuthorities: areAskedFor ? authorities : null,
    },
    certificateOf: (clock) =>
      areAskedFor || header !== null ? certificateReader({ header, authorities, clock }) : null,
  };
}

async function read(setting: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`${setting}: the file ${path} cannot be read.`, { cause });
  });
}

function checkCertificate(setting: string, pem: string): string {
  try {
    void new X509Certificate(pem);
    return pem;
  } catch (cause) {
    throw new Error(`${setting}: the file holds no certificate in PEM.`, { cause });
  }
}
