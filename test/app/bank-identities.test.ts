import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBankIdentities } from '../../src/app/bank-identities.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { makeTestCertificates } from '../../src/test-bank/certificates/test-certificates.ts';

const now = new Date('2026-03-10T09:00:00Z');
const clock = manualClock(now);
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'identities-'));
  await makeTestCertificates(directory, { now, validDays: 90 });
});
afterAll(() => rm(directory, { recursive: true }));

/** Reads a file of identities with this content, and collects the warnings. */
async function read(content: unknown, environment: 'sandbox' | 'production' = 'production', at = clock) {
  const bankIdentitiesFile = join(directory, 'identities.json');
  await writeFile(bankIdentitiesFile, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) };
  return { identities: await readBankIdentities({ environment, bankIdentitiesFile }, at, log), warnings };
}

async function problemsOf(content: unknown): Promise<string[]> {
  const error: unknown = await read(content).catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error('The file was accepted.');
  const [head = '', ...problems] = error.message.trim().split('\n');
  expect(head).toBe(`BANK_IDENTITIES_FILE: ${join(directory, 'identities.json')} cannot be used:`);
  return problems.map((line) => line.trim());
}

const tls = { certificateFile: 'qwac.pem', privateKeyFile: 'qwac.key.pem' };
const seal = { certificateFile: 'qseal.pem', privateKeyFile: 'qseal.key.pem' };

test('a sandbox is the third party of the test bank, a production nobody', async () => {
  const settings = { bankIdentitiesFile: null };
  const sandbox = await readBankIdentities({ ...settings, environment: 'sandbox' }, clock, silentLog);
  expect([...sandbox]).toEqual([['default', { clientId: 'PSDFR-ACPR-12345', clientSecret: 'sandbox-tpp-secret' }]]);
  expect((await readBankIdentities({ ...settings, environment: 'production' }, clock, silentLog)).size).toBe(0);
});

test('reads identities by name, with certificates from files beside it', async () => {
  const { identities, warnings } = await read({
    default: { clientId: 'PSDFR-ACPR-12345', tls, seal: { ...seal, keyId: 'https://acme.example/seal.pem' } },
    'bank-x': { clientId: 'acme', clientSecret: 's3cret', authoritiesFile: 'root.pem' },
  });
  expect(identities.get('default')).toMatchObject({
    clientId: 'PSDFR-ACPR-12345',
    tls: { certificate: expect.stringContaining('BEGIN CERTIFICATE'), privateKey: expect.stringContaining('PRIVATE') },
    seal: { keyId: 'https://acme.example/seal.pem', privateKey: expect.stringContaining('PRIVATE') },
  });
  expect(identities.get('bank-x')).toEqual({
    clientId: 'acme',
    clientSecret: 's3cret',
    authorities: expect.stringContaining('BEGIN CERTIFICATE'),
  });
  expect(warnings).toEqual([]);
});

test('the file goes before the identity of the sandbox', async () => {
  const { identities } = await read({ default: { clientId: 'mine' } }, 'sandbox');
  expect([...identities]).toEqual([['default', { clientId: 'mine' }]]);
});

test('tells everything that is wrong at once, and shows no secret', async () => {
  const problems = await problemsOf({
    a: { clientId: 'a', tls: { certificateFile: 'none.pem', privateKeyFile: 'qwac.key.pem' } },
    b: { clientId: 'b', tls: { ...tls, privateKeyFile: 'qseal.key.pem' } },
    c: { clientId: 'c', seal: { certificateFile: 'qseal.key.pem', privateKeyFile: 'qseal.pem' } },
    d: { clientId: 'd', clientSecret: 'hunter2', authoritiesFile: 'qwac.key.pem' },
  });
  expect(problems).toEqual([
    'a.tls.certificateFile: the file none.pem cannot be read (ENOENT).',
    'b.tls.privateKeyFile: is not the key of the certificate.',
    'c.seal.certificateFile: holds no certificate in PEM.',
    'c.seal.privateKeyFile: holds no private key in PEM without a password.',
    'd.authoritiesFile: holds no certificates in PEM.',
  ]);
});

test.each([
  ['no JSON', '{"default": {"clientSecret": "hunter2"', ['The file is no JSON.']],
  [
    'a name in capitals, an unknown key, no client id',
    { Bank: { clientId: 'x' }, b: { clientId: 'x', secret: 'hunter2' }, c: {} },
    [
      'Bank: must be a name of small letters, digits and dashes, such as default',
      'b: unknown secret; allowed are clientId, clientSecret, tls, seal, authoritiesFile',
      'c.clientId: Invalid input: expected string, received undefined',
    ],
  ],
  [
    'a key id that is no address',
    { default: { clientId: 'x', seal: { ...seal, keyId: 'SN=1' } } },
    ['default.seal.keyId: must be the address of the certificate'],
  ],
])('refuses %s', async (_, content, problems) => {
  expect(await problemsOf(content)).toEqual(problems);
});

test('a file that cannot be read stops the start', async () => {
  const settings = { environment: 'production', bankIdentitiesFile: join(directory, 'absent.json') } as const;
  await expect(readBankIdentities(settings, clock, silentLog)).rejects.toThrow(/BANK_IDENTITIES_FILE.*\n.*ENOENT/);
});

test('warns of a key that others may read, and of a certificate that ends', async () => {
  const key = await readFile(join(directory, 'qwac.key.pem'));
  await writeFile(join(directory, 'open.key.pem'), key, { mode: 0o644 });
  const content = { default: { clientId: 'x', tls: { ...tls, privateKeyFile: 'open.key.pem' } } };
  expect((await read(content)).warnings).toEqual([
    `A file with secrets can be read by others than its owner. Run: chmod 600 ${join(directory, 'open.key.pem')}`,
  ]);
  const late = manualClock(new Date('2026-05-20T09:00:00Z'));
  const { warnings } = await read({ default: { clientId: 'x', tls } }, 'production', late);
  expect(warnings).toEqual(['A certificate for banks ends soon: renew it.']);
  const over = manualClock(new Date('2027-05-20T09:00:00Z'));
  expect((await read({ default: { clientId: 'x', tls } }, 'production', over)).warnings).toEqual([
    'A certificate for banks has ended: renew it.',
  ]);
});
