import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openKeyFile } from '../../src/vault/key-file.ts';
import { generateKey, howToMakeAKey, parseKeyRing } from '../../src/vault/key-ring.ts';

describe('a key ring', () => {
  test('takes the first key as the current one and keeps the others for opening', () => {
    const ring = parseKeyRing(`${generateKey('new')}, ${generateKey('old')}`);
    expect(ring.currentId).toBe('new');
    expect(ring.keyFor('old', 'seal for house')).toHaveLength(32);
    expect(ring.keyFor('gone', 'seal for house')).toBeNull();
  });

  test('never uses one key for two purposes', () => {
    const ring = parseKeyRing(generateKey('k1'));
    expect(ring.keyFor('k1', 'wrap data key')).not.toEqual(ring.keyFor('k1', 'seal for house'));
  });

  test('accepts what the advice in the messages makes', () => {
    const [command, ...words] = howToMakeAKey.split(' ');
    expect(command).toBe('tributary');
    const made = execFileSync(process.execPath, ['src/main.ts', ...words, 'k1'], { encoding: 'utf8' });
    expect(parseKeyRing(made.trim()).currentId).toBe('k1');
  });

  test('names the place of a bad entry without showing it', () => {
    const good = generateKey('k1');
    expect(() => parseKeyRing(`${good},k2:c2hvcnQ`)).toThrow(/^Entry 2 is not of the form id:key/);
    expect(() => parseKeyRing(`${good},k2:c2hvcnQ`)).not.toThrow(/c2hvcnQ/);
    expect(() => parseKeyRing(`${good},${generateKey('k1')}`)).toThrow('Entry 2 repeats the id k1');
    expect(() => parseKeyRing('')).toThrow('Entry 1 is not of the form id:key');
  });
});

describe('the key file of a sandbox', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tributary-key-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test('is made once, for its owner only, whoever comes first', async () => {
    const path = join(directory, 'keys');
    const rings = await Promise.all([1, 2, 3, 4].map(() => openKeyFile(path)));
    const keys = rings.map((ring) => Buffer.from(ring.keyFor('sandbox', 'wrap data key')!).toString('hex'));
    expect(new Set(keys).size).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['keys']);
  });

  test('is refused when others may read it', async () => {
    const path = join(directory, 'keys');
    await openKeyFile(path);
    await chmod(path, 0o644);
    await expect(openKeyFile(path)).rejects.toThrow(`Run: chmod 600 ${path}`);
  });

  test('is refused and left alone when it is damaged', async () => {
    const path = join(directory, 'keys');
    await writeFile(path, 'sandbox:abc', { mode: 0o600 });
    await expect(openKeyFile(path)).rejects.toThrow('is damaged');
    expect(await readFile(path, 'utf8')).toBe('sandbox:abc');
  });
});
