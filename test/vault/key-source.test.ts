import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { generateKey } from '../../src/vault/key-ring.ts';
import { keysFromCommand, keysFromFile } from '../../src/vault/key-source.ts';

test('a command gives the keys, whatever service it asks', async () => {
  const ring = await keysFromCommand(`echo "${generateKey('from-kms')}"`).read();
  expect(ring.currentId).toBe('from-kms');
});

test.each([
  ['echo secret-key-text; exit 3', 'it ended with the status 3.'],
  ['echo secret-key-text', 'Entry 1 is not of the form id:key'],
  ['no-such-program secret-key-text', 'it ended with the status 127.'],
])('a command that fails is named by its setting, and its output is not shown: %s', async (command, reason) => {
  const read = keysFromCommand(command).read();
  await expect(read).rejects.toThrow(`TRIBUTARY_KEYS_COMMAND gave no keys: ${reason}`);
  await expect(read).rejects.not.toThrow('secret-key-text');
});

test('a key file that production names is never made by us', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tributary-key-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'keys');
  await expect(keysFromFile(path, { isMade: false }).read()).rejects.toThrow(`There is no key file at ${path}`);
  expect(await readdir(directory)).toEqual([]);
});
