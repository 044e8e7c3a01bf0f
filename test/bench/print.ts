import { styleText } from 'node:util';
import { table } from '../../src/cli/demo/table.ts';
import type { Benchmark, Column, Figure, Report } from './benchmark.ts';

/** A figure's value as it stands in the table; a dash where there is none. */
export function cell(figure: Figure, { key, digits = 0 }: Column): string {
  const value = figure[key];
  if (value === null || value === undefined) return '-';
  return typeof value === 'number' ? value.toFixed(digits) : value;
}

/** A benchmark's report for a person. */
export function printed({ name, about }: Benchmark, { columns, figures, notes }: Report): string {
  const heads = columns.map(({ title, digits }) => ({ title, isNumber: digits !== undefined }));
  const rows = figures.map((figure) => columns.map((column) => cell(figure, column)));
  return [
    `${styleText('bold', name)}: ${about}`,
    '',
    table(heads, rows),
    '',
    ...notes.map((note) => `  ${note}`),
    '',
  ].join('\n');
}
