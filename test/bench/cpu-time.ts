import { readdir, readFile } from 'node:fs/promises';
import type postgres from 'postgres';

/** What the kernel counts processor time in, on every Linux that Node runs on. */
const ticksPerSecond = 100;

interface ProcessTimes {
  readonly parentPid: number;
  readonly seconds: number;
}

/** Reads `/proc/PID/stat` (proc(5)); null when there is no such process, or no such file on this platform. */
async function timesOf(pid: number): Promise<ProcessTimes | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The name in parentheses may hold spaces; what follows it does not.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { parentPid: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond };
}

/** How many seconds of processor time a process has used; null where it cannot be told. */
export async function cpuSecondsOf(pid: number): Promise<number | null> {
  return (await timesOf(pid))?.seconds ?? null;
}

/** The same, summed over the server processes of the PostgreSQL that is reached over this connection. */
export async function postgresCpuSeconds(sql: postgres.Sql): Promise<number | null> {
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const server = backend ? await timesOf(backend.pid) : null;
  if (!server) return null;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(pids.map(timesOf));
  return all.reduce((sum, one) => sum + (one?.parentPid === server.parentPid ? one.seconds : 0), 0);
}
