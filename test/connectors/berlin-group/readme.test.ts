import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { berlinGroupQuirkSchema } from '../../../src/connectors/berlin-group/quirks.ts';

test('the README lists exactly the quirks that there are', async () => {
  const text = await readFile(new URL('../../../src/connectors/berlin-group/README.md', import.meta.url), 'utf8');
  const section = text.split('## Quirks')[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
  );
  expect(listed.toSorted()).toEqual(Object.keys(berlinGroupQuirkSchema.shape).toSorted());
});
