import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseContext } from '../support/house-context.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { serveOauth, tokenResponseFor, type TestAuthorizationServer } from '../support/oauth.ts';
import { createVault } from '../../src/vault/create-vault.ts';
import { createDataKeys } from '../../src/store/data-keys.ts';
import { parseKeyRing } from '../../src/vault/key-ring.ts';
import { systemClock } from '../../src/kernel/clock.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const keys = `k1:${Buffer.alloc(32, 7).toString('base64url')}`;
const directory = mkdtempSync(join(tmpdir(), 'tributary-client-'));
let database: TestDatabase;
let served: TestAuthorizationServer;

beforeAll(async () => {
  database = await testDatabase();
  const vault = createVault(parseKeyRing(keys), createDataKeys(database, systemClock));
  served = await serveOauth(await houseContext({ database, vault }));
});
afterAll(async () => {
  await served[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the program as an operator does, in production beside a running gateway. */
async function tributary(...args: string[]) {
  const env = {
    PATH: process.env['PATH'],
    TRIBUTARY_ENV: 'production',
    TRIBUTARY_KEYS: keys,
    DATABASE_URL: database.url,
    TRIBUTARY_DATA_DIR: directory,
    LOG_LEVEL: 'warn',
  };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { env });
    return { status: 0, output: stdout, errors: '' };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, output: stdout, errors: stderr };
  }
}

async function json<Shape = Record<string, unknown>>(...args: string[]): Promise<Shape> {
  const { status, output, errors } = await tributary(...args, '--json');
  expect({ status, errors }).toEqual({ status: 0, errors: '' });
  return JSON.parse(output) as Shape;
}

const tokenOf = (id: string, secret: string) => tokenResponseFor(served, { client: { id, secret } });

describe('tributary client', () => {
  it('creates a client whose secret it shows once, changes it, and takes it out of service and back', async () => {
    const created = await json<{ clientId: string; secret: string }>(
      'client',
      'create',
      'Acme',
      '--scope',
      'users_manage,users_read,accounts_read',
      '--client-mode',
      '--redirect-url',
      'https://acme.example/banks',
      '--provider',
      'test-bank',
    );
    expect(created).toEqual({
      clientId: expect.stringMatching(/^cli_/),
      secret: expect.stringMatching(/^sec_/),
      name: 'Acme',
      status: 'enabled',
      authentication: 'client_secret',
      scopes: ['users_manage', 'users_read', 'accounts_read'],
      clientMode: true,
      redirectUrls: ['https://acme.example/banks'],
      widgetOrigins: [],
      providers: ['test-bank'],
      webhooksMax: 10,
      mustAcceptTerms: false,
      termsVersion: '1',
      termsUrl: null,
      createdAt: expect.any(String),
    });
    const { clientId, secret } = created;
    expect((await tokenOf(clientId, secret)).scope).toBe('users_manage users_read accounts_read');

    const changed = await json(
      'client',
      'update',
      clientId,
      '--name',
      'Acme Ltd',
      '--provider',
      'any',
      '--terms',
      '--terms-version',
      '2026-11',
    );
    expect(changed).toMatchObject({
      name: 'Acme Ltd',
      providers: null,
      mustAcceptTerms: true,
      termsVersion: '2026-11',
      clientMode: true,
    });
    const { output } = await tributary('client', 'list');
    expect(output).toContain('Acme Ltd');
    expect(output).not.toContain(secret);

    await json('client', 'disable', clientId);
    await expect(tokenOf(clientId, secret)).rejects.toMatchObject({ status: 401 });
    expect(await json('client', 'enable', clientId)).toMatchObject({ status: 'enabled' });
    expect(await tokenOf(clientId, secret)).toHaveProperty('access_token');
  });

  it('rotates a secret with an end for the old one', async () => {
    const { clientId, secret } = await json<{ clientId: string; secret: string }>('client', 'create', 'Rotating');
    const rotated = await json<{ secret: string }>('client', 'rotate-secret', clientId);
    expect(await tokenOf(clientId, secret)).toHaveProperty('access_token');
    expect(await tokenOf(clientId, rotated.secret)).toHaveProperty('access_token');
    const last = await json<{ secret: string }>('client', 'rotate-secret', clientId, '--overlap', '0');
    await expect(tokenOf(clientId, rotated.secret)).rejects.toMatchObject({ status: 401 });
    expect(await tokenOf(clientId, last.secret)).toHaveProperty('access_token');
  });

  it('registers public keys in place of a secret, and refuses a private one', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const good = join(directory, 'public.json');
    const bad = join(directory, 'private.json');
    writeFileSync(good, JSON.stringify({ keys: [await exportJWK(pair.publicKey)] }));
    writeFileSync(bad, JSON.stringify({ keys: [await exportJWK(pair.privateKey)] }));
    const created = await json('client', 'create', 'Signed', '--authentication', 'private_key_jwt', '--jwks', good);
    expect(created).toMatchObject({ authentication: 'private_key_jwt' });
    expect(created).not.toHaveProperty('secret');
    const refused = await tributary('client', 'create', 'X', '--authentication', 'private_key_jwt', '--jwks', bad);
    expect(refused.status).toBe(1);
    expect(refused.errors).toContain('give the public half');
    expect((await tributary('client', 'list')).output).not.toMatch(/^name\s+X$/m);
  });

  it('names what is wrong', async () => {
    const scope = await tributary('client', 'create', 'X', '--scope', 'users_read,root');
    expect(scope.status).toBe(1);
    expect(scope.errors).toContain('"root" is no scope; allowed: users_manage');
    const unknown = await tributary('client', 'disable', 'cli_nobody');
    expect(unknown).toMatchObject({ status: 1, errors: expect.stringContaining('No such client.') });
    const url = await tributary('client', 'create', 'X', '--widget-origin', 'https://a.example/path');
    expect(url).toMatchObject({ status: 1, errors: expect.stringContaining('is not an origin') });
  });
});

it('tributary application registers a third party, lists it and ends it', async () => {
  const { clientId } = await json<{ clientId: string }>('client', 'create', 'Owner');
  const uri = 'https://budget.example/callback';
  const options = ['--client', clientId, '--redirect-uri', uri, '--scope', 'accounts_read'];
  const created = await json<{ applicationId: string }>('application', 'create', 'Budget', ...options);
  expect(created).toMatchObject({
    secret: expect.stringMatching(/^sec_/),
    redirectUris: [uri],
    scopes: ['accounts_read'],
  });
  await json('application', 'disable', created.applicationId);
  expect(await json('application', 'list')).toMatchObject([
    { applicationId: created.applicationId, clientId, status: expect.stringContaining('disabled since') },
  ]);
  const http = await tributary(
    'application',
    'create',
    'X',
    '--client',
    clientId,
    '--redirect-uri',
    'http://a.example/',
  );
  expect(http).toMatchObject({ status: 1, errors: expect.stringContaining('https') });
});

it('tributary key rotates the signing key under a running gateway', async () => {
  const { clientId, secret } = await json<{ clientId: string; secret: string }>('client', 'create', 'Running');
  const before = (await tokenOf(clientId, secret)).access_token;
  const rotated = await json<{ kid: string }>('key', 'rotate-signing');
  expect(await json('key', 'list-signing')).toMatchObject([
    { status: 'signs' },
    { kid: rotated.kid, status: 'will sign' },
  ]);
  const published = (await (await fetch(`${served.publicUrl}/oauth/jwks`)).json()) as { keys: { kid: string }[] };
  expect(published.keys.map(({ kid }) => kid)).toContain(rotated.kid);
  await expect(served.server.verifyAccessToken(before)).resolves.toHaveProperty('viewer');
});
