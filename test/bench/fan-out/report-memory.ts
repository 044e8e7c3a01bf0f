import { renameSync, writeFileSync } from 'node:fs';

// Loaded into a server that is measured: on SIGUSR2 it collects its garbage, gives back what it does not need, and writes
// down what is left.
const path = process.env['MEMORY_REPORT'];
process.on('SIGUSR2', () => {
  if (path === undefined || !globalThis.gc) throw new Error('It needs MEMORY_REPORT and --expose-gc.');
  globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  const { heapUsed, external, rss } = process.memoryUsage();
  writeFileSync(`${path}.new`, JSON.stringify({ liveBytes: heapUsed + external, residentBytes: rss }));
  renameSync(`${path}.new`, path);
});
