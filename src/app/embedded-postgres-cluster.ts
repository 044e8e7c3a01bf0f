import { randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../kernel/log.ts';
import { asAccount, canReach, type ServerAccount } from './embedded-postgres-account.ts';
import { sharedDirectory, type Binaries } from './embedded-postgres-binaries.ts';
import { run } from './embedded-postgres-run.ts';

interface OpenClusterOptions {
  readonly directory: string;
  readonly account: ServerAccount;
  readonly binaries: Binaries;
  readonly log: Log;
  readonly settings: Readonly<Record<string, string>>;
}

/** The files of one database and how to log in to it. */
export interface Cluster {
  readonly path: string;
  readonly user: string;
  readonly password: string;
}

const majorVersion = '18';
const user = 'tributary';

/** Finds the database under the data directory or makes it; a make that is cut short leaves nothing that counts. */
export async function openCluster(options: OpenClusterOptions): Promise<Cluster> {
  const { directory, account } = options;
  const link = join(directory, 'postgres');
  const existing = await realpath(link).catch(() => null);
  if (existing) {
    const password = await readPassword(directory);
    await checkUsable(existing, account);
    if (password === null) {
      throw new Error(
        `${join(directory, 'postgres-password')} is missing, so nobody can log in to the database in ${existing}. ` +
          'Put the file back, or move the folder postgres away to begin with an empty database.',
      );
    }
    return { path: existing, user, password };
  }
  const password = (await readPassword(directory)) ?? (await makePassword(directory, account));
  await rm(link, { force: true });
  if (await canReach(account, directory)) {
    await makeCluster(link, password, options);
    return { path: link, user, password };
  }
  // Root's own directories are closed to other accounts; opening them is not ours to do, so the files lie elsewhere.
  await mkdir(sharedDirectory, { recursive: true, mode: 0o755 });
  const home = await mkdtemp(join(sharedDirectory, 'data-'));
  if (account) await chown(home, account.uid, account.gid);
  const path = join(home, 'postgres');
  await makeCluster(path, password, options);
  await symlink(path, link);
  options.log.info({ path }, `The account ${account?.name} cannot enter ${directory}: the database lies in ${path}.`);
  return { path, user, password };
}

async function makeCluster(path: string, password: string, options: OpenClusterOptions): Promise<void> {
  const { account, binaries, settings } = options;
  const unfinished = `${path}.unfinished`;
  const passwordFile = `${path}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (account) {
      await chown(unfinished, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    await run(binaries.initdb, asAccount(account), [
      `--pgdata=${unfinished}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      // Data that may be lost in a running server need not be safe at its birth either.
      settings['fsync'] === 'off' ? '--no-sync' : '--sync-method=syncfs',
    ]);
    await rename(unfinished, path);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function checkUsable(path: string, account: ServerAccount): Promise<void> {
  const owner = (await lstat(path)).uid;
  if (owner !== (account?.uid ?? process.getuid?.() ?? owner)) {
    throw new Error(
      `The database in ${path} belongs to uid ${owner}, and only that account or root can run it. ` +
        'Start Tributary as one of them, or set TRIBUTARY_DATA_DIR to another directory.',
    );
  }
  const version = (await readFile(join(path, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version !== majorVersion) {
    throw new Error(
      `The database in ${path} is of PostgreSQL ${version || '(unknown)'}, this Tributary brings ${majorVersion}. ` +
        'Dump it with the old version and load it into a new data directory.',
    );
  }
  if (!(await canReach(account, path))) {
    throw new Error(`The account ${account?.name} cannot enter ${path}: open its parent directories, or move it.`);
  }
}

async function readPassword(directory: string): Promise<string | null> {
  const text = await readFile(join(directory, 'postgres-password'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Error(`The data directory ${directory} belongs to another account: ${error.message}`, { cause: error });
  });
  return text.trim() || null;
}

/** Hexadecimal, so that it stands in a URL as it is. It belongs to whom the database belongs, who needs no password. */
async function makePassword(directory: string, account: ServerAccount): Promise<string> {
  const password = randomBytes(24).toString('hex');
  const path = join(directory, 'postgres-password');
  await writeFile(`${path}.unfinished`, `${password}\n`, { mode: 0o600 });
  if (account) await chown(`${path}.unfinished`, account.uid, account.gid);
  await rename(`${path}.unfinished`, path);
  return password;
}
