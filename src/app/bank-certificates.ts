import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BankCertificate } from '../connectors/bank-identity.ts';
import { millisecondsPerDay } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';

/** What is found out while the files of identities are read. */
export interface Findings {
  /** Where relative paths begin. */
  readonly directory: string;
  readonly problems: string[];
  readonly now: Date;
  readonly log: Log;
}

const warnedDaysBefore = 30;
const pemPattern = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** A certificate, with its chain where the file has it, and its key; null with a problem noted when they do not fit. */
export async function readCertificate(
  found: Findings,
  place: string,
  files: { readonly certificateFile: string; readonly privateKeyFile: string },
): Promise<{ readonly pair: BankCertificate; readonly isRsa: boolean } | null> {
  const certificate = await readText(found, `${place}.certificateFile`, files.certificateFile);
  const privateKey = await readText(found, `${place}.privateKeyFile`, files.privateKeyFile);
  if (privateKey !== null) await warnOfReaders(found, files.privateKeyFile);
  if (certificate === null || privateKey === null) return null;
  const first = attempt(() => new X509Certificate(certificate));
  const key = attempt(() => createPrivateKey(privateKey));
  if (!first) found.problems.push(`${place}.certificateFile: holds no certificate in PEM.`);
  if (!key) found.problems.push(`${place}.privateKeyFile: holds no private key in PEM without a password.`);
  if (!first || !key) return null;
  if (!first.checkPrivateKey(key)) {
    found.problems.push(`${place}.privateKeyFile: is not the key of the certificate.`);
    return null;
  }
  warnOfEnd(found, place, first);
  return { pair: { certificate, privateKey }, isRsa: key.asymmetricKeyType === 'rsa' };
}

/** A bundle of authorities, PEM. */
export async function readAuthorities(found: Findings, place: string, path: string): Promise<string | undefined> {
  const text = await readText(found, place, path);
  if (text === null) return undefined;
  const authorities = text.match(pemPattern) ?? [];
  if (authorities.length === 0 || !authorities.every((pem) => attempt(() => new X509Certificate(pem))))
    found.problems.push(`${place}: holds no certificates in PEM.`);
  return text;
}

/** A secret that others on this machine may read is no reason not to start, and one to say so. */
export async function warnOfReaders(found: Findings, path: string): Promise<void> {
  const file = resolve(found.directory, path);
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0)
    found.log.warn({ file }, `A file with secrets can be read by others than its owner. Run: chmod 600 ${file}`);
}

/** One certificate that has ended must not keep the other banks from being served. */
function warnOfEnd({ now, log }: Findings, place: string, { validTo }: X509Certificate): void {
  const endsAt = new Date(validTo);
  if (endsAt.getTime() - now.getTime() > warnedDaysBefore * millisecondsPerDay) return;
  const verb = endsAt <= now ? 'has ended' : 'ends soon';
  log.warn({ identity: place, endsAt: endsAt.toISOString() }, `A certificate for banks ${verb}: renew it.`);
}

async function readText(found: Findings, place: string, path: string): Promise<string | null> {
  try {
    return await readFile(resolve(found.directory, path), 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    found.problems.push(`${place}: the file ${path} cannot be read (${code}).`);
    return null;
  }
}

function attempt<Made>(make: () => Made): Made | null {
  try {
    return make();
  } catch {
    return null;
  }
}
