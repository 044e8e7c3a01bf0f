import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { failureCatalogue } from '../../src/domain/failure-catalogue.ts';
import { codesByLogin, keyOfCode, notByLogin } from './failure-codes.ts';
import { withTables } from './readme-tables.ts';

const file = new URL('../../src/test-bank/README.md', import.meta.url);

test('the tables of the README are those of the code (vitest -u writes them)', async () => {
  const readme = await readFile(file, 'utf8');
  for (const name of ['switches', 'profiles', 'failures']) expect(readme).toContain(`<!-- generated: ${name} -->`);
  await expect(withTables(readme)).toMatchFileSnapshot('../../src/test-bank/README.md');
});

test('each failure of the aggregator is produced by a login, or is known not to come from a bank', () => {
  const byLogin = codesByLogin();
  const codes = Object.keys(failureCatalogue);
  expect(codes.filter((code) => !byLogin.has(code) && !Object.hasOwn(notByLogin, keyOfCode(code)))).toEqual([]);
  expect(codes.filter((code) => byLogin.has(code) && Object.hasOwn(notByLogin, keyOfCode(code)))).toEqual([]);
  expect([...byLogin].filter((code) => !codes.includes(code))).toEqual([]);
  expect(Object.keys(notByLogin).filter((key) => !codes.some((code) => keyOfCode(code) === key))).toEqual([]);
});
