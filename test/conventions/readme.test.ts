import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found ?? '');

test.each(['README.md', ...globSync('src/**/README.md')])('every link of %s leads to a file', (path) => {
  const targets = all(readFileSync(path, 'utf8'), /\]\((?!https?:)([^)#\s]+)[^)]*\)/g);
  expect(targets.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
});

test('every file and folder that README.md names is there', () => {
  const named = all(readme, /`((?:[\w.*-]+\/)+(?:[\w.*-]+\.\w+|run)?|[\w-]+\.config\.ts)`/g);
  expect(named.length).toBeGreaterThan(30);
  const isThere = (path: string) => ['', 'src/'].some((root) => globSync(root + path).length > 0);
  expect(named.filter((path) => !isThere(path))).toEqual([]);
});

test('every script that README.md names is one of package.json', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  const named = [...all(readme, /npm run ([\w:]+)/g), ...all(readme, /npm (start|test)\b/g)];
  expect(named).toEqual(expect.arrayContaining(['demo', 'bench', 'check', 'schema', 'start', 'test']));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('the operations that README.md prints are of the schema', () => {
  const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
  const sources = [...all(readme, /```graphql\n([\s\S]*?)```/g), ...all(readme, /"query":"([^"]*)"/g)];
  expect(sources).toHaveLength(2);
  expect(sources.flatMap((source) => validate(schema, parse(source)).map(({ message }) => message))).toEqual([]);
});
