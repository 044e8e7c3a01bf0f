import { renameSync, writeFileSync } from 'node:fs';

// Loaded into a server that is measured: on SIGUSR2 it collects its garbage and writes down what is left.
const path = process.env['MEMORY_REPORT'];
process.on('SIGUSR2', () => {
  if (path === undefined || !globalThis.gc) throw new Error('It needs MEMORY_REPORT and --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(`${path}.new`, String(heapUsed + external));
  renameSync(`${path}.new`, path);
});
