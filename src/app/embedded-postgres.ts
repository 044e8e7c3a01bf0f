import { access, chmod, constants, mkdir, realpath } from 'node:fs/promises';
import type { Log } from '../kernel/log.ts';
import { prepareBinaries } from './embedded-postgres-binaries.ts';
import { openCluster } from './embedded-postgres-cluster.ts';
import { lockDirectory } from './embedded-postgres-lock.ts';
import { launchServer, stopOrphan } from './embedded-postgres-server.ts';
import { serverAccount } from './embedded-postgres-account.ts';

interface EmbeddedPostgresOptions {
  /** Made when it does not exist; the database lies in its folder `postgres`. */
  readonly dataDirectory: string;
  readonly log: Log;
  /** Settings of postgresql.conf beside ours, for example `fsync=off` for tests that may lose their data. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** `postgres://` with the password: a secret. */
  readonly url: string;
  /** Ends sessions, checkpoints and stops (a fast shutdown); a second call waits for the first. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL 18 of our own on a free port of 127.0.0.1 over this data directory, making the database at the
 * first start. One process owns the directory at a time: a second one is refused with the owner's pid, while a server
 * that a killed owner left behind is stopped and taken over. Root runs the server as another account, because
 * PostgreSQL refuses to be root. Signals are the caller's: nothing stops the server but `stop` and the end of this
 * process, after which a watchdog stops it.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  await makeDirectory(options.dataDirectory);
  const directory = await realpath(options.dataDirectory);
  const lock = await lockDirectory(directory);
  try {
    const account = await serverAccount(directory);
    const binaries = await prepareBinaries(directory, account);
    const cluster = await openCluster({ directory, account, binaries, log, settings: options.settings ?? {} });
    await stopOrphan(cluster.path, log);
    const server = await launchServer({ cluster, account, binaries, log, settings: options.settings ?? {} });
    let stopped: Promise<void> | undefined;
    return {
      url: `postgres://${cluster.user}:${cluster.password}@127.0.0.1:${server.port}/postgres`,
      stop: () => (stopped ??= server.stop().finally(() => lock.release())),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makeDirectory(path: string): Promise<void> {
  try {
    const made = await mkdir(path, { recursive: true });
    // Whatever root's umask: the server's own account must be able to pass through. Secrets in it have their own modes.
    if (made !== undefined && process.getuid?.() === 0) await chmod(path, 0o711);
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `The data directory ${path} cannot be made or is not ours to write to; set TRIBUTARY_DATA_DIR to another.`,
      { cause },
    );
  }
}
