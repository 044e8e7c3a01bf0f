import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A server in a process of its own. */
export interface ChildServer {
  readonly url: string;
  readonly pid: number;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

interface ChildOptions {
  /** The program and its arguments, run by the Node that runs this. */
  readonly program: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const running = new Set<() => void>();
process.once('exit', () => {
  for (const kill of running) kill();
});

/** Starts a program and waits until it prints the first `http://` address. Throws what it said when it ends before. */
export async function startChildServer({ program, environment }: ChildOptions): Promise<ChildServer> {
  const child = spawn(process.execPath, program, {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const kill = () => child.kill('SIGKILL');
  running.add(kill);
  void ended.then(() => running.delete(kill));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const url = await firstAddress(child.stdout);
  if (url === null || child.pid === undefined) {
    await ended;
    throw new Error(`${program.join(' ')} ended before it was ready. It said:\n${said}`);
  }
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function firstAddress(output: NodeJS.ReadableStream): Promise<string | null> {
  for await (const line of createInterface({ input: output })) {
    const [, origin] = /(http:\/\/[^\s/]+)/.exec(line) ?? [];
    if (origin) {
      output.resume();
      return origin;
    }
  }
  return null;
}
