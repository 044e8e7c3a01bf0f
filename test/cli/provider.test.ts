import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/database.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'tributary-provider-'));
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the program as an operator does, in production. */
async function tributary(...args: string[]) {
  const env = {
    PATH: process.env['PATH'],
    TRIBUTARY_ENV: 'production',
    TRIBUTARY_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64url')}`,
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

async function json(...args: string[]): Promise<unknown> {
  const { status, output, errors } = await tributary(...args, '--json');
  expect({ status, errors }).toEqual({ status: 0, errors: '' });
  return JSON.parse(output);
}

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const acme = `  - slug: acme
    name: Banque Acme
    country: FR
    bic: ACMEFRPP
    groups: [Groupe Acme]
    channels:
      - kind: REDIRECT
        dialect: berlin-group
        baseUrl: https://api.acme.example/berlin-group/v1
        accountTypes: [CHECKINGS]
        quirks: { consentAccess: global }
`;
const other = `  - slug: other
    name: Other Bank
    country: DE
    channels:
      - { kind: REDIRECT, dialect: berlin-group, baseUrl: 'https://other.example', accountTypes: [SAVINGS] }
`;
const rows = () => database.sql`
  select p.id, slug, p.name, bic, groups, p.is_enabled, c.id as channel, quirks, c.is_enabled as is_channel_enabled
  from providers p join channel_definitions c on c.provider_id = p.id order by slug, kind`;

describe('tributary provider', () => {
  test('loads a list, and loading it again changes nothing', async () => {
    const path = file('both.yaml', `providers:\n${acme}${other}`);
    expect(await json('provider', 'load', path, '--check')).toEqual({ valid: 2 });
    expect(await rows()).toEqual([]);
    expect(await json('provider', 'load', path)).toEqual({ added: ['acme', 'other'], changed: [], unchanged: 0 });
    const loaded = await rows();
    expect(loaded).toMatchObject([
      { slug: 'acme', bic: 'ACMEFRPP', groups: ['Groupe Acme'], quirks: { consentAccess: 'global' }, is_enabled: true },
      { slug: 'other', bic: null, groups: [], quirks: {} },
    ]);
    expect(await json('provider', 'load', path)).toEqual({ added: [], changed: [], unchanged: 2 });
    expect(await rows()).toEqual(loaded);
  });

  test('keeps ids, forgets what an entry no longer says, and leaves the rest alone', async () => {
    const before = await rows();
    const text = acme.replace('    bic: ACMEFRPP\n', '').replace('Banque Acme', 'Banque Acme et fils');
    const path = file('acme.json.yaml', `providers:\n${text}`);
    expect(await json('provider', 'load', path)).toEqual({ added: [], changed: ['acme'], unchanged: 0 });
    const [changed, untouched] = await rows();
    expect(changed).toEqual({ ...before[0], name: 'Banque Acme et fils', bic: null });
    expect(untouched).toEqual(before[1]);
  });

  test('a channel that an entry no longer has is switched off, not deleted', async () => {
    const before = await rows();
    const text = other.replace(
      / {6}- \{ kind.*\n/,
      `      - kind: EMBEDDED
        dialect: berlin-group
        baseUrl: https://other.example
        accountTypes: [SAVINGS]
        credentialFields: [{ name: login, label: { en: Login, fr: Identifiant } }]
`,
    );
    const path = file('other.yaml', `providers:\n${text}`);
    expect(await json('provider', 'load', path)).toMatchObject({ changed: ['other'] });
    const [, embedded, redirect] = await rows();
    expect(redirect).toEqual({ ...before[1], is_channel_enabled: false });
    expect(embedded).toMatchObject({ is_channel_enabled: true });
    expect(await json('provider', 'load', path)).toMatchObject({ changed: [], unchanged: 1 });
  });

  test('what is switched off by hand stays off when the list is loaded again', async () => {
    expect(await json('provider', 'disable', 'acme')).toEqual({ provider: 'acme', status: 'disabled' });
    await json('provider', 'load', file('both.yaml', `providers:\n${acme}${other}`));
    expect(await json('provider', 'list', 'ACME')).toEqual([
      {
        slug: 'acme',
        name: 'Banque Acme',
        country: 'FR',
        bic: 'ACMEFRPP',
        isEnabled: false,
        dialects: ['berlin-group'],
      },
    ]);
    await json('provider', 'enable', 'acme');
    expect(await json('provider', 'list')).toMatchObject([
      { slug: 'acme', isEnabled: true },
      { slug: 'other', dialects: ['berlin-group'] },
    ]);
    const { status, errors } = await tributary('provider', 'enable', 'nobody');
    expect([status, errors]).toEqual([1, expect.stringContaining('No such provider "nobody".')]);
  });

  test('tells every mistake of a file with its place, and changes nothing', async () => {
    const before = await rows();
    const path = file(
      'bad.yaml',
      `providers:
  - slug: Acme Bank
    name: Banque Acme
    country: france
    colour: blue
    channels:
      - kind: REDIRECT
        dialect: berlin-group
        baseUrl: http://api.acme.example
        accountTypes: [CHECKINGS]
      - kind: REDIRECT
        dialect: berlin-group
        baseUrl: https://me:pw@acme.example
        timeZone: Paris
        accountTypes: []
`,
    );
    const { status, errors } = await tributary('provider', 'load', path);
    expect(status).toBe(1);
    expect(errors.replaceAll(path, 'bad.yaml')).toMatchInlineSnapshot(`
      "The list of providers cannot be loaded; nothing was changed:
        bad.yaml:2:11 providers[0].slug: must be small letters, digits and dashes, such as bnp-fr
        bad.yaml:4:14 providers[0].country: must be an ISO 3166 code in capitals, such as FR
        bad.yaml:9:18 providers[0].channels[0].baseUrl: must be https, or http to this machine, without password, query and fragment
        bad.yaml:13:18 providers[0].channels[1].baseUrl: must be https, or http to this machine, without password, query and fragment
        bad.yaml:14:19 providers[0].channels[1].timeZone: must be an IANA zone, such as Europe/Paris
        bad.yaml:15:23 providers[0].channels[1].accountTypes: Too small: expected array to have >=1 items
        bad.yaml:5:5 providers[0]: unknown key "colour"
        bad.yaml:11:15 providers[0].channels[1].kind: stands twice: a provider has at most one channel of each kind
      "
    `);
    expect(await rows()).toEqual(before);
  });

  test('has each connector read its quirks', async () => {
    const text = `${acme.replace('consentAccess: global', 'consentAcess: global')}${other.replace('berlin-group', 'obie')}`;
    const path = file('quirks.yaml', `providers:\n${text}`);
    const { status, errors } = await tributary('provider', 'load', path, '--check');
    expect(status).toBe(1);
    expect(errors).toContain(`${path}:12:17 providers[0].channels[0].quirks: `);
    expect(errors).toContain('consentAcess');
    expect(errors).toContain(
      `${path}:17:36 providers[1].channels[0].dialect: no connector speaks this; there are berlin-group`,
    );
  });

  test.each([
    ['providers: [\n', /:2:1 /],
    ['', /:1:1 file: /],
    [`providers:\n${other}${other}`, /providers\[1\]\.slug: stands twice/],
  ])('refuses the file %#', async (text, message) => {
    const { status, errors } = await tributary('provider', 'load', file('broken.yaml', text));
    expect([status, errors]).toEqual([1, expect.stringMatching(message)]);
  });

  test('a file that is not there is named', async () => {
    const { status, errors } = await tributary('provider', 'load', join(directory, 'absent.yaml'));
    expect([status, errors]).toEqual([1, expect.stringContaining('absent.yaml: the file cannot be read (ENOENT).')]);
  });
});
