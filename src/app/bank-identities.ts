import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { BankIdentities, BankIdentity } from '../connectors/bank-identity.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { readAuthorities, readCertificate, warnOfReaders, type Findings } from './bank-certificates.ts';
import { ConfigError, type Config } from './config.ts';

const certificateFiles = { certificateFile: z.string().min(1), privateKeyFile: z.string().min(1) };

const identitySchema = z.strictObject({
  clientId: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be an id of visible ASCII characters'),
  clientSecret: z.string().min(1).max(500).optional(),
  tls: z.strictObject(certificateFiles).optional(),
  seal: z
    .strictObject({
      ...certificateFiles,
      keyId: z
        .url({ protocol: /^https?$/, error: 'must be the address of the certificate' })
        .max(1000)
        .optional(),
    })
    .optional(),
  authoritiesFile: z.string().min(1).optional(),
});

const nameMessage = 'must be a name of small letters, digits and dashes, such as default';
const fileSchema = z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, nameMessage), identitySchema);

/** Known to the test bank, and public on purpose. */
const sandboxIdentity: BankIdentity = { clientId: 'PSDFR-ACPR-12345', clientSecret: 'sandbox-tpp-secret' };

type Settings = Pick<Config, 'environment' | 'bankIdentitiesFile'>;

/**
 * Who this installation is to banks, from the file of BANK_IDENTITIES_FILE; a sandbox that names no `default` is the test
 * bank's third party. Paths in the file are relative to it. Throws a ConfigError with everything that is wrong and no
 * secret; warns of files that others may read and of certificates that end soon.
 */
export async function readBankIdentities(settings: Settings, clock: Clock, log: Log): Promise<BankIdentities> {
  const path = settings.bankIdentitiesFile;
  const identities = new Map<string, BankIdentity>();
  if (settings.environment === 'sandbox') identities.set('default', sandboxIdentity);
  if (path === null) return identities;
  const found: Findings = { directory: dirname(path), problems: [], now: clock.now(), log };
  const entries = parseFile(await readText(path), path);
  const hasSecret = Object.values(entries).some(({ clientSecret }) => clientSecret !== undefined);
  if (hasSecret) await warnOfReaders(found, path);
  for (const [name, entry] of Object.entries(entries))
    // oxlint-disable-next-line no-await-in-loop -- a handful of small files, and the findings in the order of the file
    identities.set(name, await identityOf(found, name, entry));
  if (found.problems.length > 0) throw refusal(path, found.problems);
  return identities;
}

async function identityOf(
  found: Findings,
  name: string,
  { clientId, clientSecret, tls, seal, authoritiesFile }: z.output<typeof identitySchema>,
): Promise<BankIdentity> {
  const certificate = tls && (await readCertificate(found, `${name}.tls`, tls));
  const sealing = seal && (await readCertificate(found, `${name}.seal`, seal));
  if (sealing && !sealing.isRsa)
    found.problems.push(`${name}.seal.privateKeyFile: must be an RSA key: banks sign with RSA.`);
  const authorities =
    authoritiesFile === undefined
      ? undefined
      : await readAuthorities(found, `${name}.authoritiesFile`, authoritiesFile);
  return {
    clientId,
    ...(clientSecret === undefined ? {} : { clientSecret }),
    ...(certificate ? { tls: certificate.pair } : {}),
    ...(sealing ? { seal: { ...sealing.pair, ...(seal.keyId === undefined ? {} : { keyId: seal.keyId }) } } : {}),
    ...(authorities === undefined ? {} : { authorities }),
  };
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw refusal(path, [`The file cannot be read${code}.`]);
  });
}

function parseFile(text: string, path: string): z.output<typeof fileSchema> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // The parser's error quotes the file, which may hold secrets.
    throw refusal(path, ['The file is no JSON.']);
  }
  const parsed = fileSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw refusal(
    path,
    parsed.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${wordsOf(issue)}`),
  );
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_key') return nameMessage;
  if (issue.code === 'unrecognized_keys')
    return `unknown ${issue.keys.join(', ')}; allowed are clientId, clientSecret, tls, seal, authoritiesFile`;
  return issue.message;
}

function refusal(path: string, problems: readonly string[]): ConfigError {
  const lines = problems.map((line) => `  ${line}\n`).join('');
  return new ConfigError(`BANK_IDENTITIES_FILE: ${path} cannot be used:\n${lines}`);
}
