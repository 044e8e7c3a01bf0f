import { styleText } from 'node:util';

interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

const segmenter = new Intl.Segmenter();

/** The characters as a person counts them. */
export function characters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Rows as aligned text; numbers stand right. Colours appear on a terminal only. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => characters(row[index] ?? '').length)),
  );
  const pad = (text: string, index: number) => {
    const missing = ' '.repeat(Math.max(0, (widths[index] ?? 0) - characters(text).length));
    return columns[index]?.isNumber ? missing + text : text + missing;
  };
  const line = (cells: readonly string[]) => `  ${cells.map(pad).join('  ')}`.trimEnd();
  return [styleText('dim', line(columns.map(({ title }) => title))), ...rows.map(line)].join('\n');
}
