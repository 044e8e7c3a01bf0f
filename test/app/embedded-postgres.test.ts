import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { canReach } from '../../src/app/embedded-postgres-account.ts';
import { makeSymlinks } from '../../src/app/embedded-postgres-binaries.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../src/app/embedded-postgres.ts';
import { silentLog } from '../../src/kernel/log.ts';

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534, name: 'nobody' };
const childScript = join(import.meta.dirname, 'embedded-postgres-child.ts');
const isNobodyAbleToRun =
  isRoot && (await canReach(nobody, import.meta.dirname)) && (await canReach(nobody, dirname(process.execPath)));

let directory: string;
let running: EmbeddedPostgres[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tributary-postgres-'));
  await chmod(directory, 0o755);
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  await rm(directory, { recursive: true, force: true });
});

async function start(dataDirectory = directory): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory, log: silentLog });
  running.push(server);
  return server;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end();
  }
}

async function startChild(
  identity: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [childScript, directory], { ...identity, stdio: ['pipe', 'pipe', 'inherit'] });
  const [chunk] = await once(child.stdout, 'data');
  return { child, url: String(chunk).trim() };
}

async function killAndWait(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function serverPid(): Promise<number> {
  return Number((await readFile(join(directory, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
}

/** Kills the shell that would stop the server after its owner's death, as an out-of-memory killer might. */
async function killWatchdog(owner: ChildProcess): Promise<void> {
  const server = await serverPid();
  const children = (await readFile(`/proc/${owner.pid}/task/${owner.pid}/children`, 'utf8')).trim().split(' ');
  for (const pid of children.map(Number)) if (pid !== server) process.kill(pid, 'SIGKILL');
}

const keepRow = 'create table kept as select 7 as n';
const readRow = 'select n from kept';

test('makes a durable PostgreSQL 18 in UTF-8 at the first start and keeps its rows for the next', async () => {
  const first = await start();
  await query(first.url, keepRow);
  const [settings] = await query(
    first.url,
    `select current_setting('server_version_num')::int / 10000 as version, current_setting('fsync') as fsync,
      current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
      current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses,
      current_setting('TimeZone') as zone, lower('É') as lower`,
  );
  expect(settings).toEqual({
    version: 18,
    fsync: 'on',
    commit: 'on',
    pages: 'on',
    encoding: 'UTF8',
    addresses: '127.0.0.1',
    zone: 'UTC',
    lower: 'é',
  });
  expect((await stat(join(directory, 'postgres-password'))).mode & 0o777).toBe(0o600);
  await first.stop();
  await expect(query(first.url, 'select 1')).rejects.toThrow('ECONNREFUSED');
  const second = await start();
  expect(await query(second.url, readRow)).toEqual([{ n: 7 }]);
});

test('lets nobody in without the password', async () => {
  const { url } = await start();
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('refuses a second owner of the directory by name and pid, and leaves the first alone', async () => {
  const { child, url } = await startChild();
  await expect(start()).rejects.toThrow(
    `The data directory ${directory} is in use by another Tributary (process ${child.pid}).`,
  );
  expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  child.stdin?.end();
  await once(child, 'exit');
  await start();
});

test('stops the server of a killed owner, and the rows that were committed are there', async () => {
  const { child, url } = await startChild();
  await query(url, keepRow);
  const pid = await serverPid();
  await killAndWait(child);
  await vi.waitUntil(
    () =>
      readlink(`/proc/${pid}/cwd`).then(
        () => false,
        () => true,
      ),
    { timeout: 20_000 },
  );
  expect(await query((await start()).url, readRow)).toEqual([{ n: 7 }]);
});

test('takes over the server of an owner that was killed with its watchdog', async () => {
  const { child, url } = await startChild();
  await query(url, keepRow);
  const orphan = await serverPid();
  await killWatchdog(child);
  await killAndWait(child);
  expect(await readlink(`/proc/${orphan}/cwd`)).toBe(join(directory, 'postgres'));
  expect(await query((await start()).url, readRow)).toEqual([{ n: 7 }]);
  expect(await serverPid()).not.toBe(orphan);
});

test('recovers after server and owner were killed together', async () => {
  const { child, url } = await startChild();
  await query(url, keepRow);
  await killWatchdog(child);
  process.kill(await serverPid(), 'SIGKILL');
  await killAndWait(child);
  expect(await query((await start()).url, readRow)).toEqual([{ n: 7 }]);
});

test('starts over a stale pid file whose number belongs to another program now', async () => {
  const first = await start();
  await first.stop();
  await writeFile(join(directory, 'postgres/postmaster.pid'), `${process.pid}\n${directory}/postgres\n`);
  expect(await query((await start()).url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('begins anew after a first start that was cut short', async () => {
  await mkdir(join(directory, 'postgres.unfinished/base'), { recursive: true });
  expect(await query((await start()).url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

describe('refuses with the remedy', () => {
  test('a data directory that is a file', async () => {
    const path = join(directory, 'file');
    await writeFile(path, '');
    await expect(start(path)).rejects.toThrow(`${path} cannot be made or is not ours to write to`);
  });

  test('a database whose password file is gone, which it leaves as it is', async () => {
    await (await start()).stop();
    await rm(join(directory, 'postgres-password'));
    await expect(start()).rejects.toThrow('postgres-password is missing');
    expect(await readFile(join(directory, 'postgres/PG_VERSION'), 'utf8')).toBe('18\n');
  });

  test('a database of another major version', async () => {
    await (await start()).stop();
    await writeFile(join(directory, 'postgres/PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow('is of PostgreSQL 17, this Tributary brings 18');
  });
});

test('makes the links of the package that its install script did not make, and keeps those that are there', async () => {
  const lib = join(directory, 'native/lib');
  await mkdir(lib, { recursive: true });
  const links = ['a', 'b'].map((name) => ({ source: 'native/lib/x.so.1.2', target: `native/lib/${name}.so` }));
  await writeFile(join(directory, 'native/pg-symlinks.json'), JSON.stringify(links));
  await symlink('elsewhere', join(lib, 'a.so'));
  expect(await makeSymlinks(directory)).toBe(true);
  expect([await readlink(join(lib, 'a.so')), await readlink(join(lib, 'b.so'))]).toEqual(['elsewhere', 'x.so.1.2']);
});

describe('as root', () => {
  test('runs the server as another account, also where that one cannot enter', async ({ skip }) => {
    skip(!isRoot, 'only root can run the server as another account');
    const closed = join(directory, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const server = await start(closed);
    const path = await readlink(join(closed, 'postgres'));
    try {
      expect((await stat(path)).uid).not.toBe(0);
      await query(server.url, keepRow);
      await server.stop();
      expect(await query((await start(closed)).url, readRow)).toEqual([{ n: 7 }]);
    } finally {
      await Promise.all(running.map((one) => one.stop()));
      await rm(dirname(path), { recursive: true });
    }
  });

  test('shares the directory of an ordinary user with him', async ({ skip }) => {
    skip(!isNobodyAbleToRun, 'needs root, and a checkout that the account nobody can read');
    await chown(directory, nobody.uid, nobody.gid);
    const { child, url } = await startChild({ uid: nobody.uid, gid: nobody.gid });
    await query(url, keepRow);
    child.stdin?.end();
    await once(child, 'exit');
    expect((await stat(join(directory, 'postgres'))).uid).toBe(nobody.uid);
    const asRoot = await start();
    expect(await query(asRoot.url, readRow)).toEqual([{ n: 7 }]);
    await asRoot.stop();
    const again = await startChild({ uid: nobody.uid, gid: nobody.gid });
    expect(await query(again.url, readRow)).toEqual([{ n: 7 }]);
    again.child.stdin?.end();
    await once(again.child, 'exit');
  });
});
