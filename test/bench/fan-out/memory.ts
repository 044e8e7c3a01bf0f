import { readFile } from 'node:fs/promises';

/** Resident memory of a process in bytes (`/proc/PID/status`); null where it cannot be told. */
export async function residentBytes(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(text) ?? [];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}
