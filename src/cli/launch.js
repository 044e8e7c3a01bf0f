#!/usr/bin/env node
// The command works on whatever Node the system has: it hands over to the Node that npm installed beside the code,
// because TypeScript as it stands needs a newer one than some systems bring.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const bundled = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const node = existsSync(bundled) ? bundled : process.execPath;
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });

// A terminal sends Ctrl-C to both: the child shuts down, and this process must outlive it to pass on how it ended.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (status, signal) => {
  process.exitCode = status ?? (signal === 'SIGINT' ? 130 : 143);
});
