import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, readlink, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../kernel/log.ts';
import { asAccount, type ServerAccount } from './embedded-postgres-account.ts';
import type { Binaries } from './embedded-postgres-binaries.ts';
import type { Cluster } from './embedded-postgres-cluster.ts';
import { serverEnvironment } from './embedded-postgres-run.ts';

interface LaunchOptions {
  readonly cluster: Cluster;
  readonly account: ServerAccount;
  readonly binaries: Binaries;
  readonly log: Log;
  readonly settings: Readonly<Record<string, string>>;
}

export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

const pollMilliseconds = 15;
const stopMillisecondsMax = 30_000;
const launchesMax = 200;
/** What may pass by itself: the port was taken between choosing and using, or old backends still end. */
const passingTroubles = ['Address already in use', 'pre-existing shared memory block', 'lock file "postmaster.pid"'];

/** Starts the server and waits until it accepts connections, however long its recovery takes. */
export async function launchServer(options: LaunchOptions): Promise<RunningServer> {
  for (let launch = 1; ; launch += 1) {
    const port = await freePort();
    const logPath = `${options.cluster.path}.log`;
    const child = await spawnServer(options, port, logPath);
    const watchdog = spawnWatchdog(child, options.account);
    if (await becomesReady(child, options.cluster.path)) return runningServer(child, watchdog, port, options.log);
    watchdog.kill('SIGKILL');
    const said = (await readFile(logPath, 'utf8').catch(() => '')).trim();
    if (launch >= launchesMax || !passingTroubles.some((trouble) => said.includes(trouble))) {
      throw new Error(`PostgreSQL did not start over ${options.cluster.path}. It said:\n${said.slice(-2000)}`);
    }
    await delay(pollMilliseconds * 5);
  }
}

async function spawnServer(options: LaunchOptions, port: number, logPath: string): Promise<ChildProcess> {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = await open(logPath, 'w', 0o600);
  try {
    if (options.account) await output.chown(options.account.uid, options.account.gid);
    const child = spawn(options.binaries.postgres, ['-D', options.cluster.path, ...flags], {
      ...asAccount(options.account),
      cwd: '/',
      env: serverEnvironment,
      // In a session of its own, so that Ctrl-C in the terminal reaches us first and we stop it in order.
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    return child;
  } finally {
    await output.close();
  }
}

/** A shell that waits for the end of this process (its standard input closes then) and asks the server to stop. */
function spawnWatchdog(server: ChildProcess, account: ServerAccount): ChildProcess {
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(server.pid)], {
    ...asAccount(account),
    cwd: '/',
    env: serverEnvironment,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.on('error', () => {});
  watchdog.stdin.on('error', () => {});
  watchdog.unref();
  return watchdog;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The eighth line of postmaster.pid is the server's status; this is what pg_ctl waits for, too. */
async function becomesReady(child: ChildProcess, path: string): Promise<boolean> {
  while (!hasEnded(child)) {
    const lines = (await readFile(join(path, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true;
    await delay(pollMilliseconds);
  }
  return false;
}

function runningServer(child: ChildProcess, watchdog: ChildProcess, port: number, log: Log): RunningServer {
  let isStopping = false;
  const ended = new Promise<void>((resolve) => {
    if (hasEnded(child)) resolve();
    child.once('exit', (code, signal) => {
      watchdog.kill('SIGKILL');
      if (!isStopping) log.error({ code, signal }, 'PostgreSQL has ended by itself; start Tributary again.');
      resolve();
    });
  });
  return {
    port,
    async stop() {
      isStopping = true;
      child.ref();
      child.kill('SIGINT');
      const giveUp = setTimeout(() => child.kill('SIGQUIT'), stopMillisecondsMax);
      await ended;
      clearTimeout(giveUp);
    },
  };
}

/**
 * Ends the server that a killed owner left over these files, and removes a pid file whose number now belongs to another
 * program (PostgreSQL would take that one for a server and refuse to start).
 */
export async function stopOrphan(path: string, log: Log): Promise<void> {
  const pidFile = join(path, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  // A server's working directory is its data directory.
  if ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) !== path) {
    await rm(pidFile, { force: true });
    return;
  }
  log.warn({ pid, path }, 'Stopping the PostgreSQL that a killed Tributary left behind.');
  signal(pid, 'SIGINT');
  for (let waited = 0; (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === path; waited += pollMilliseconds) {
    if (waited > stopMillisecondsMax) signal(pid, 'SIGQUIT');
    await delay(pollMilliseconds);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended, which is what was wanted.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port.')),
      );
    });
  });
}
