import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A short name for what the parts say, in their order. No two lists of parts share one: the length of each part is
 * hashed with it.
 */
export function fingerprint(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 16);
}

/** The texts of all files below a directory, each after its path, in the order of the paths. */
export async function textsBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return paths.flatMap((path, index) => [path.slice(directory.length), texts[index] ?? '']);
}
