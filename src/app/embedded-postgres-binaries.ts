import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { canReach, type ServerAccount } from './embedded-postgres-account.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where root puts what the server's account could not reach inside of the data directory or of node_modules. */
export const sharedDirectory = '/var/lib/tributary';

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The programs of the installed npm package, ready to run: its symbolic links are made if its install script was not
 * allowed to, and the programs are copied out when they lie where the server's account cannot reach them or where the
 * links cannot be made.
 */
export async function prepareBinaries(directory: string, account: ServerAccount): Promise<Binaries> {
  const packageDirectory = await findPackage();
  const native = join(packageDirectory, 'native');
  const isUsable = (await canReach(account, join(native, 'bin'))) && (await makeSymlinks(packageDirectory));
  return binariesIn(isUsable ? native : await copyOut(packageDirectory, directory, account));
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

async function findPackage(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The packages are installed beside embedded-postgres or below it, so it is its own resolution that counts.
    const main = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(main));
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for this machine: the npm package ${name} is not installed. ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours.',
      { cause },
    );
  }
}

/** Makes the links that are missing in an unpacked package; false when the package is not ours to write to. */
export async function makeSymlinks(packageDirectory: string): Promise<boolean> {
  const list = symlinkList.parse(JSON.parse(await readFile(join(packageDirectory, 'native/pg-symlinks.json'), 'utf8')));
  for (const { source, target } of list) {
    const path = join(packageDirectory, target);
    if (await readlink(path).catch(() => null)) continue;
    try {
      await symlink(relative(dirname(target), source), path);
    } catch (error) {
      // Another process that starts at the same time may have made it.
      if (!(await readlink(path).catch(() => null))) return refuseUnless(error, ['EACCES', 'EPERM', 'EROFS']);
    }
  }
  return true;
}

function refuseUnless(error: unknown, codes: readonly string[]): false {
  if (error instanceof Error && 'code' in error && codes.includes(String(error.code))) return false;
  throw error;
}

/** A copy of the programs, made once for each version and moved into place whole. */
async function copyOut(packageDirectory: string, directory: string, account: ServerAccount): Promise<string> {
  const manifest = z.object({ version: z.string() });
  const { version } = manifest.parse(JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8')));
  const home = (await canReach(account, directory)) ? directory : sharedDirectory;
  const copy = join(home, `postgres-programs-${version}`);
  if (!(await stat(copy).catch(() => null))) {
    const unfinished = `${copy}.${randomBytes(6).toString('hex')}`;
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    await cp(join(packageDirectory, 'native'), join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      // Static libraries are for compilers.
      filter: (path) => !basename(path).endsWith('.a'),
    });
    await makeSymlinks(unfinished);
    await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true }));
  }
  return join(copy, 'native');
}
