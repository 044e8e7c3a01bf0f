import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generateKey, parseKeyRing, type KeyRing } from './key-ring.ts';

/**
 * The key ring of a sandbox, from a file that is made at the first start and that only its owner may read. Several
 * processes may come at once: all end with the same key. Throws when others may read the file or it holds no key.
 */
export async function openKeyFile(path: string, { isMade } = { isMade: true }): Promise<KeyRing> {
  const found = await stat(path).catch(() => null);
  if (!found && !isMade)
    throw new Error(`There is no key file at ${path}. To make one: tributary key generate > ${path}`);
  if (!found) await makeKeyFile(path);
  else if ((found.mode & 0o077) !== 0) {
    throw new Error(`The key file ${path} can be read by others than its owner. Run: chmod 600 ${path}`);
  }
  const text = await readFile(path, 'utf8');
  try {
    return parseKeyRing(text.trim());
  } catch (cause) {
    throw new Error(
      `The key file ${path} is damaged; put back a copy of it. Without its key the stored bank sessions do not open; ` +
        'to begin anew, remove the whole data directory.',
      { cause },
    );
  }
}

/** Written and flushed under another name first, because a key that is lost takes every secret with it. */
async function makeKeyFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(`${generateKey('sandbox')}\n`);
    await file.sync();
    await link(unfinished, path).catch((error: NodeJS.ErrnoException) => {
      // Another process was first, and its key counts.
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await file.close();
    await rm(unfinished, { force: true });
  }
}
