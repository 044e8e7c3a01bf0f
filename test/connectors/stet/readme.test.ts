import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { stetQuirkSchema } from '../../../src/connectors/stet/quirks.ts';

test('the README lists exactly the quirks that there are', async () => {
  const text = await readFile(new URL('../../../src/connectors/stet/README.md', import.meta.url), 'utf8');
  const section = text.split('## Quirks')[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const listed = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
  );
  expect(listed.toSorted()).toEqual(Object.keys(stetQuirkSchema.shape).toSorted());
});
