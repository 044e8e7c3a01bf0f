import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { memoryState, type BankState } from './state.ts';

const fileSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

/**
 * A state that survives a restart: the whole of it is written beside the file and renamed into place, so that a crash
 * leaves the old or the new one. Writes that come together are one write. Throws when the file is damaged.
 */
export async function fileState(path: string): Promise<BankState> {
  await mkdir(dirname(path), { recursive: true });
  let current: ReadonlyMap<string, ReadonlyMap<string, unknown>> = await read(path);
  let isDirty = false;
  let writing: Promise<void> | null = null;
  async function writeUntilClean(): Promise<void> {
    try {
      while (isDirty) {
        isDirty = false;
        const text = JSON.stringify(
          Object.fromEntries([...current].map(([name, records]) => [name, Object.fromEntries(records)])),
        );
        // oxlint-disable-next-line no-await-in-loop -- one write at a time: the second would overtake the first
        await writeWhole(path, text);
      }
    } catch (error) {
      isDirty = true;
      throw error;
    } finally {
      // In the same step as the last look at isDirty, so that no change falls between.
      writing = null;
    }
  }
  function saved(): Promise<void> {
    if (!isDirty) return writing ?? Promise.resolve();
    writing ??= writeUntilClean();
    return writing;
  }
  const initial = new Map([...current].map(([name, records]) => [name, new Map(records)]));
  return memoryState(
    initial,
    (all) => {
      current = all;
      isDirty = true;
    },
    saved,
  );
}

async function read(path: string): Promise<Map<string, Map<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map();
    throw error;
  }
  try {
    const file = fileSchema.parse(JSON.parse(text));
    return new Map(Object.entries(file).map(([name, records]) => [name, new Map(Object.entries(records))]));
  } catch {
    throw new Error(`The test bank cannot read its state in ${path}. Remove the file to start with an empty bank.`);
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}
