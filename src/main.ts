import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Half of a later start would go into compiling two thousand files again. Where nothing may be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));

const { runCommand } = await import('./cli/run-command.ts');
await runCommand(process.argv);
