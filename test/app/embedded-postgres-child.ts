import { startEmbeddedPostgres } from '../../src/app/embedded-postgres.ts';
import { silentLog } from '../../src/kernel/log.ts';

// Runs a server of its own for a test that kills it or runs it as somebody else; it ends when its input ends.
const server = await startEmbeddedPostgres({ dataDirectory: process.argv[2]!, log: silentLog });
process.stdout.write(`${server.url}\n`);
process.stdin.resume().on('end', () => void server.stop());
