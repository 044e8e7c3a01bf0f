import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Who runs the server: null is this process's own account, else another one because this process is root. */
export type ServerAccount = { readonly uid: number; readonly gid: number; readonly name: string } | null;

/**
 * The account for the server over this data directory. An ordinary user runs it himself. Root hands it to whom the
 * database already belongs, else to the owner of the directory, else to `postgres`, else to `nobody`.
 */
export async function serverAccount(directory: string): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return null;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const path of [join(directory, 'postgres'), directory]) {
    const owner = await stat(path).catch(() => null);
    const found = owner && accounts.find(([, , uid]) => uid === String(owner.uid));
    if (found && owner.uid !== 0) return accountOf(found);
  }
  for (const name of ['postgres', 'nobody']) {
    const found = accounts.find(([candidate]) => candidate === name);
    if (found) return accountOf(found);
  }
  throw new Error(
    'PostgreSQL does not run as root and there is no account "postgres" or "nobody" to run it as. ' +
      'Start Tributary as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours.',
  );
}

function accountOf([name = '', , uid, gid]: string[]): ServerAccount {
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** What makes child_process start a program as this account. */
export function asAccount(account: ServerAccount): { uid?: number; gid?: number } {
  return account ? { uid: account.uid, gid: account.gid } : {};
}

/** True when the account may enter the directory. The kernel is asked, as modes, groups and mounts all have a say. */
export async function canReach(account: ServerAccount, directory: string): Promise<boolean> {
  if (!account) return true;
  const child = spawn('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], {
    ...asAccount(account),
    cwd: '/',
    env: {},
    stdio: 'ignore',
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
