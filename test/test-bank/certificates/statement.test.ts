import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decodeStatements,
  encodeStatements,
  psd2Roles,
  type Psd2Role,
} from '../../../src/test-bank/certificates/psd2-statement.ts';
import { readServerCertificates } from '../../../src/test-bank/certificates/server-certificates.ts';
import { makeTestCertificates, testCertificates } from '../../../src/test-bank/certificates/test-certificates.ts';
import { readCertificate } from '../../../src/test-bank/certificates/third-party-certificate.ts';
import { noon } from '../support.ts';

it('reads back every statement that it writes', () => {
  const roles = fc.subarray<Psd2Role>([...psd2Roles]);
  fc.assert(
    fc.property(fc.constantFrom('seal', 'web'), roles, fc.string(), fc.string(), (type, held, name, id) => {
      const read = decodeStatements(encodeStatements(type, held, { name, id }));
      expect(read).toEqual({ isCompliant: true, type, roles: held, authority: { name, id } });
    }),
  );
});

it('never throws, and finds no roles, in bytes that are no statements', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(decodeStatements(Uint8Array.from(bytes).buffer)?.roles ?? null).toBeNull();
    }),
    { examples: [[Uint8Array.from([30, 1, 0])]] },
  );
});

it('writes the bytes of ETSI TS 119 495 for the role of account information', () => {
  const der = Buffer.from(encodeStatements('web', ['PSP_AI'], { name: 'ACPR', id: 'FR-ACPR' })).toString('hex');
  // OIDs 0.4.0.19495.2 and 0.4.0.19495.1.3, and the name of the role as UTF8String.
  expect(der).toContain('060604008198270230');
  expect(der).toContain('0607040081982701030c065053505f4149');
});

it('takes no role from anywhere but the statement, whatever bytes stand elsewhere', async () => {
  const { qwac } = await testCertificates({
    now: noon,
    organizationIdentifier: 'PSDFR-ACPR-0.4.0.19495.1.3 PSP_AI',
    roles: ['PSP_PI'],
  });
  const read = readCertificate(qwac.certificate);
  expect(read?.statements?.roles).toEqual(['PSP_PI']);
  expect(read?.organizationIdentifier).toBe('PSDFR-ACPR-0.4.0.19495.1.3 PSP_AI');
  expect(readCertificate('no certificate')).toBeNull();
  expect(readCertificate(Buffer.from('3003020101', 'hex'))).toBeNull();
});

it('writes a root, a QWAC, a QSealC and a server certificate that openssl accepts, keys for their owner only', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'certificates-'));
  try {
    await makeTestCertificates(directory, { now: new Date() });
    const of = (name: string) => join(directory, name);
    expect((await stat(of('qseal.key.pem'))).mode & 0o777).toBe(0o600);
    const { server, trustedRoots } = await readServerCertificates(directory);
    expect(server?.certificate).toBe(await readFile(of('server.pem'), 'utf8'));
    expect(trustedRoots).toEqual([await readFile(of('root.pem'), 'utf8')]);
    const openssl = await promisify(execFile)('openssl', [
      'verify',
      '-CAfile',
      of('root.pem'),
      of('qwac.pem'),
      of('qseal.pem'),
      of('server.pem'),
    ]).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (openssl === null) console.warn('openssl is not installed: it did not judge the certificates.');
    else expect(openssl.stdout.match(/: OK$/gm)).toHaveLength(3);
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('says which directory holds no certificates', async () => {
  await expect(readServerCertificates('/nowhere/at/all')).rejects.toThrow(
    'The certificates in /nowhere/at/all cannot be read: root.pem (ENOENT), server.pem (ENOENT), server.key.pem (ENOENT). Make them first, or name another directory.',
  );
});
