import { readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildServer } from '../child-server.ts';

const reporter = fileURLToPath(new URL('report-memory.ts', import.meta.url));

/** What a server holds once its garbage is collected. */
export interface Memory {
  /** JavaScript's heap and the buffers beside it. */
  readonly liveBytes: number;
  /** What of the process is in memory (RSS): the same, the handles of libuv, and what the heap keeps to grow into. */
  readonly residentBytes: number;
}

/** What makes a server tell its memory, and how it is asked. */
export interface MemoryProbe {
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  read(server: ChildServer): Promise<Memory>;
}

/** A probe for one server. */
export function memoryProbe(): MemoryProbe {
  const path = join(tmpdir(), `tributary-bench-memory-${crypto.randomUUID()}`);
  return {
    flags: ['--expose-gc', '--import', reporter],
    environment: { MEMORY_REPORT: path },
    async read({ pid }) {
      process.kill(pid, 'SIGUSR2');
      for (;;) {
        const text = await readFile(path, 'utf8').catch(() => null);
        if (text !== null) {
          await rm(path);
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- report-memory.ts writes it
          return JSON.parse(text) as Memory;
        }
        await pause(20);
      }
    },
  };
}
