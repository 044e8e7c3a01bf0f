import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { expect, test } from 'vitest';

const linesMax = 300;
const medianLinesMax = 80;

const rooms = [
  'actions',
  'app',
  'cli',
  'connectors',
  'domain',
  'events',
  'graphql',
  'http',
  'jobs',
  'kernel',
  'oauth',
  'store',
  'sync',
  'test-bank',
  'vault',
  'widget',
];

const codeEndings = new Set(['.ts', '.tsx', '.js', '.css', '.html']);

/** Generated: migrations by drizzle-kit, `__generated__` by their builders. */
function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && codeEndings.has(extname(entry.name)))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => !/\/(migrations|__generated__|\.tmp)\//.test(path))
    .toSorted();
}

function linesIn(path: string): number {
  return readFileSync(path, 'utf8').trimEnd().split('\n').length;
}

const sources = filesOf('src');
const tests = filesOf('test');

test('src holds the rooms of the design and main.ts, nothing else', () => {
  const names = readdirSync('src', { withFileTypes: true }).map((entry) => entry.name);
  expect(names.filter((name) => name !== 'main.ts' && !rooms.includes(name))).toEqual([]);
  expect(names).toContain('main.ts');
});

test('test holds the rooms of src, and what concerns them all', () => {
  const known = [...rooms, 'bench', 'conventions', 'security', 'support'];
  expect(readdirSync('test').filter((name) => !known.includes(name))).toEqual([]);
});

test('no file is longer than 300 lines', () => {
  const long = [...sources, ...tests]
    .map((path) => ({ path, lines: linesIn(path) }))
    .filter((file) => file.lines > linesMax);
  expect(long).toEqual([]);
});

test('the median file of src is shorter than 80 lines', () => {
  const lengths = sources.map(linesIn).toSorted((left, right) => left - right);
  expect(lengths.length).toBeGreaterThan(50);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(medianLinesMax);
});

test('there are no barrels', () => {
  const indexes = sources.filter((path) => basename(path, extname(path)) === 'index');
  const forwarders = sources.filter(
    (path) => path.endsWith('.ts') && /^export \* from /m.test(readFileSync(path, 'utf8')),
  );
  expect([...indexes.filter((path) => path.endsWith('.ts')), ...forwarders]).toEqual([]);
});

test('names use no word that says nothing', () => {
  const empty = /(^|-)(service|manager|helper|helpers|util|utils|common|misc)(-|\.|$)/;
  expect([...sources, ...tests].filter((path) => empty.test(basename(path)))).toEqual([]);
});

test('every test file stands in the folder of a room and ends in .test.ts, unless it is support', () => {
  const support = /^test\/(support|bench|conventions)\/|\/(fixtures|support)\//;
  const stray = tests.filter((path) => path.endsWith('.test.ts') && path.split('/').length < 3 && !support.test(path));
  expect(stray).toEqual([]);
});
