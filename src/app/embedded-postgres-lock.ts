import { createHash } from 'node:crypto';
import { connect, createServer, type Server } from 'node:net';

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Makes this process the owner of a directory, or throws naming the process that owns it. The lock is a socket in
 * Linux's abstract namespace, which no crash can leave behind: the kernel frees the name with the process. Whoever
 * connects is told the owner's pid.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const digest = createHash('sha256').update(directory).digest('hex').slice(0, 32);
  const name = `\0tributary-${digest}`;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(String(process.pid));
  });
  if (!(await listen(server, name))) {
    const pid = await ownerOf(name);
    throw new Error(
      `The data directory ${directory} is in use by another Tributary${pid ? ` (process ${pid})` : ''}. ` +
        'Stop that one first, or set TRIBUTARY_DATA_DIR to another directory.',
    );
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function listen(server: Server, name: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => ('code' in error && error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(name, () => resolve(true));
  });
}

/** The pid that the owner tells, or an empty text when it is too busy to answer. */
function ownerOf(name: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(name);
    socket.setTimeout(2000, () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', () => {});
    socket.on('close', () => resolve(/^\d+$/.test(answer) ? answer : ''));
  });
}
