import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'tributary-cli-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

function start(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], TRIBUTARY_DATA_DIR: directory, PORT: '0', TEST_BANK_PORT: '0', ...env },
  });
  let output = '';
  let errors = '';
  let onOutput = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    onOutput();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, output, errors }));
  });
  /** Waits until the program has printed what the pattern says. */
  const printed = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      onOutput = () => {
        const found = pattern.exec(output);
        if (found) resolve(found[0]);
      };
      onOutput();
      void ended.then(() => reject(new Error(`Ended without printing ${pattern}: ${errors}`)));
    });
  return { child, ended, printed };
}

function run(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return start(args, env).ended;
}

describe('a start that cannot be', () => {
  it('names every bad setting and what is allowed', async () => {
    const { status, errors } = await run(['serve'], { PORT: 'eighty', TRIBUTARY_ENV: 'prod', LOG_LEVEL: 'loud' });
    expect(status).toBe(1);
    expect(errors).toContain('PORT: must be a port from 0 to 65535');
    expect(errors).toContain('TRIBUTARY_ENV: must be sandbox or production');
    expect(errors).toContain('LOG_LEVEL: must be one of');
  });

  it('names the port that is in use and the way out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { status, errors } = await run(['serve'], { PORT: port });
    await new Promise((resolve) => other.close(resolve));
    expect(status).toBe(1);
    expect(errors).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(errors).toContain('PORT=0');
  });

  it('names the database that cannot be reached, without its password', async () => {
    const { status, errors } = await run(['serve'], { DATABASE_URL: 'postgres://someone:hunter22@127.0.0.1:1/none' });
    expect(status).toBe(1);
    expect(errors).toContain('127.0.0.1:1');
    expect(errors).not.toContain('hunter22');
  });

  it('names the place in a scenario file that cannot be read', async () => {
    const file = join(directory, 'broken.yaml');
    writeFileSync(file, 'bank:\n  name: [unclosed\n');
    const { status, errors } = await run(['serve'], { TEST_BANK_SCENARIO: file });
    expect(status).toBe(1);
    expect(errors).toMatch(/broken\.yaml:\d+:\d+/);
  });

  it('names a scenario file that is not there', async () => {
    const { status, errors } = await run(['serve'], { TEST_BANK_SCENARIO: join(directory, 'absent.yaml') });
    expect(status).toBe(1);
    expect(errors).toContain('absent.yaml');
  });

  it('refuses production without keys and says how to make one', async () => {
    const { status, errors } = await run(['serve'], { TRIBUTARY_ENV: 'production' });
    expect(status).toBe(1);
    expect(errors).toContain('TRIBUTARY_KEYS');
  });

  it('refuses an unknown role and lists the known ones', async () => {
    const { status, errors } = await run(['serve', '--role', 'gateway,janitor']);
    expect(status).toBe(1);
    expect(errors).toContain('"janitor" is no role; allowed: all, gateway, worker, test-bank');
  });
});

describe('production', () => {
  const key = `k1:${Buffer.alloc(32, 7).toString('base64url')}`;

  it('refuses an outdated schema, starts after tributary migrate, and knows no sandbox client', async () => {
    const database = await testDatabase({ kind: 'empty' });
    const env = { TRIBUTARY_ENV: 'production', TRIBUTARY_KEYS: key, DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
    const refused = await run(['serve'], env);
    expect(refused.status).toBe(1);
    expect(refused.errors).toContain('tributary migrate');

    const migrated = await run(['migrate'], env);
    expect({ status: migrated.status, output: migrated.output }).toEqual({
      status: 0,
      output: 'The database is up to date.\n',
    });

    const { child, ended, printed } = start(['serve'], env);
    const url = await printed(/http:\S+\/oauth\/token/);
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('sandbox:sandbox-secret')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    expect(answer.status).toBe(401);
    child.kill('SIGTERM');
    expect((await ended).status).toBe(0);
  });
});
