import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Agent, fetch as undiciFetch } from 'undici';
import { expect, onTestFinished, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

function run(...args: string[]): Promise<{ status: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1' };
    const child = execFile(process.execPath, [main, 'bank', ...args], { env }, (_, output, errors) =>
      resolve({ status: child.exitCode ?? -1, output, errors }),
    );
  });
}

async function directoryFor(prefix: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function fileOf(text: string): Promise<string> {
  const path = join(await directoryFor('tributary-bank-'), 'bank.yaml');
  await writeFile(path, text);
  return path;
}

const good = `seed: s
epoch: 2026-01-01
bank: { name: Small Bank, profile: no-transaction-ids }
people: [{ id: a, name: Anna, login: anna, password: secret }]
accounts:
  - id: current
    owners: [a]
    type: checking
    name: Current
    openingBalance: '100.00'
    transactions:
      - { monthly: { day: 5 }, amount: '-10.00', text: 'RENT {month}' }
`;

test('shows the accounts and the next transactions that a file yields', async () => {
  const { status, output, errors } = await run(await fileOf(good), '--at', '2026-03-10', '--next', '2');
  expect(errors).toBe('');
  expect(status).toBe(0);
  expect(output).toMatchInlineSnapshot(`
    "Small Bank, 2026-03-10, profile no-transaction-ids

      login  password  name
      anna   secret    Anna

      account  type      name     number                       booked  pending    balance
      current  checking  Current  FR7669579369314915596440847       3        0  70.00 EUR

      booked on   account      amount  text
      2026-04-05  current  -10.00 EUR  RENT AVRIL 2026
      2026-05-05  current  -10.00 EUR  RENT MAI 2026

    "
  `);
});

test('tells every mistake of a file at once, with place and remedy, and exits with 1', async () => {
  const path = await fileOf(good.replace('checking', 'current').replace('2026-01-01', '2026-02-30'));
  const { status, output, errors } = await run(path);
  expect([status, output]).toEqual([1, '']);
  expect(errors.replaceAll(path, 'FILE')).toMatchInlineSnapshot(`
    "The scenario FILE cannot be used:
      FILE:2:8 epoch: This value has not the right form. Write a day that exists, written YYYY-MM-DD.
      FILE:8:11 accounts[0].type: This value is not allowed here. Use one of: checking, savings, card, loan, life-insurance, securities.
    "
  `);
});

test('tells report and mistakes as JSON for programs', async () => {
  const report = JSON.parse((await run('--json', '--at', '2026-03-10', '--next', '1')).output);
  expect(report.accounts.map(({ id }: { id: string }) => id)).toContain('alice-current');
  expect(report.next).toHaveLength(1);
  const bad = await run(await fileOf('seed: s'), '--json');
  expect(bad.status).toBe(1);
  expect(JSON.parse(bad.output).problems[0]).toMatchObject({ line: 1, path: 'epoch' });
});

test('names an option that is wrong', async () => {
  const { status, errors } = await run('--at', 'tomorrow');
  expect(status).toBe(1);
  expect(errors).toContain('It must be a day that exists, written YYYY-MM-DD.');
});

test('prints the JSON Schema and writes test certificates', async () => {
  expect(JSON.parse((await run('--schema')).output).title).toBe('Test bank scenario');
  const directory = await directoryFor('tributary-certificates-');
  expect((await run('--certificates', directory)).status).toBe(0);
  expect(await readdir(directory)).toEqual(expect.arrayContaining(['qseal.pem', 'qwac.pem', 'root.pem', 'server.pem']));
});

test('serves a bank alone until it is told to end', async () => {
  const child = spawn(process.execPath, [main, 'bank', await fileOf(good), '--serve', '--port', '0']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [url = ''] = /http:\/\/[\d.:]+/.exec(String(line)) ?? [];
  expect((await (await fetch(`${url}/control/scenario`)).json()).bank.name).toBe('Small Bank');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('serves over TLS with the certificates it made, and asks a third party for its QWAC', async () => {
  const directory = await directoryFor('tributary-tls-');
  expect((await run('--certificates', directory)).output).toContain(`tributary bank --serve --tls ${directory}`);
  const file = await fileOf(good.replace('profile: no-transaction-ids', 'switches: { certificate: required }'));
  const child = spawn(process.execPath, [main, 'bank', file, '--serve', '--tls', directory, '--port', '0']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [url = ''] = /https:\/\/[\d.:]+/.exec(String(line)) ?? [];
  const [ca, cert, key] = await Promise.all(
    ['root.pem', 'qwac.pem', 'qwac.key.pem'].map((name) => readFile(join(directory, name), 'utf8')),
  );
  const asked = async (shown: object) => {
    const dispatcher = new Agent({ connect: { ca, ...shown } });
    onTestFinished(() => dispatcher.destroy());
    const headers = { 'x-request-id': '11111111-2222-4333-8444-555555555555', 'consent-id': 'unknown' };
    const answer = await undiciFetch(`${url}/berlin-group/v1/accounts`, { dispatcher, headers });
    const body = (await answer.json()) as { tppMessages: { code: string }[] };
    return `${answer.status} ${body.tppMessages[0]?.code}`;
  };
  expect(await asked({})).toBe('401 CERTIFICATE_MISSING');
  expect(await asked({ cert, key })).toBe('401 CONSENT_INVALID');
});

test('names what is wrong with a directory of certificates, before it serves anything', async () => {
  const directory = await directoryFor('tributary-tls-');
  const refusal = async (...args: string[]) => {
    const { status, output, errors } = await run(...args);
    expect([status, output]).toEqual([1, '']);
    return errors.replaceAll(directory, 'DIR').trim();
  };
  const serve = ['--serve', '--port', '0', '--tls', directory];
  expect(await refusal('--tls', directory)).toMatchInlineSnapshot(
    `"--tls says how the bank is served: add --serve, or leave --tls away."`,
  );
  expect(await refusal(...serve)).toMatchInlineSnapshot(
    `"The certificates in DIR cannot be read: root.pem (ENOENT), server.pem (ENOENT), server.key.pem (ENOENT). Make them first, or name another directory."`,
  );
  await run('--certificates', directory);
  const first = await readFile(join(directory, 'server.key.pem'), 'utf8');
  await rm(join(directory, 'server.key.pem'));
  expect(await refusal(...serve)).toMatchInlineSnapshot(
    `"The certificates in DIR cannot be read: server.key.pem (ENOENT). Make them first, or name another directory."`,
  );
  await run('--certificates', directory);
  await writeFile(join(directory, 'server.key.pem'), first);
  expect(await refusal(...serve)).toMatchInlineSnapshot(
    `"The certificates in DIR cannot be used: server.key.pem is not the key of server.pem. Make them anew."`,
  );
  await writeFile(join(directory, 'root.pem'), 'nothing');
  expect(await refusal(...serve)).toMatchInlineSnapshot(
    `"The certificates in DIR cannot be used: root.pem is not a PEM certificate. Make them anew."`,
  );
});
