import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Two copies of graphql (.mjs and .js) would make a schema "from another module": every import gets the one file.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/after-file.ts'],
    // The product keeps no truth in a module, so files may share them: loading them anew for each took a third of the run.
    isolate: false,
    // Most of what tests do is wait for PostgreSQL, HTTP and other processes.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    server: { deps: { inline: [/graphql/, /pothos/] } },
  },
});
