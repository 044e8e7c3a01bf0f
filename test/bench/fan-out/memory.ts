import { readFile, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ChildServer } from '../child-server.ts';

const reporter = fileURLToPath(new URL('report-memory.ts', import.meta.url));

/** What makes a server tell its memory, and how it is asked. */
export interface MemoryProbe {
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** What the server holds in bytes, without its garbage: JavaScript's heap and the buffers and handles beside it. */
  liveBytes(server: ChildServer): Promise<number>;
}

/** A probe for one server; resident memory would count garbage that is not collected yet. */
export function memoryProbe(): MemoryProbe {
  const path = join(tmpdir(), `tributary-bench-memory-${crypto.randomUUID()}`);
  return {
    flags: ['--expose-gc', '--import', reporter],
    environment: { MEMORY_REPORT: path },
    async liveBytes({ pid }) {
      process.kill(pid, 'SIGUSR2');
      for (;;) {
        const text = await readFile(path, 'utf8').catch(() => null);
        if (text !== null) {
          await rm(path);
          return Number(text);
        }
        await pause(20);
      }
    },
  };
}
