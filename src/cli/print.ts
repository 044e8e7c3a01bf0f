import { styleText } from 'node:util';

/** Prints a result: one JSON document for a program, else lines of name and value for a person. */
export function print(value: Readonly<Record<string, unknown>>, { json }: { readonly json?: boolean }): void {
  if (json) return void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  const rows = Object.entries(value).filter(([, held]) => held !== undefined);
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, held]) => `${styleText('dim', name.padEnd(width))}  ${show(held)}`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Prints a list, each entry as `print` does, with an empty line between. */
export function printList(
  list: readonly Readonly<Record<string, unknown>>[],
  options: { readonly json?: boolean },
): void {
  if (options.json) return void process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
  if (list.length === 0) return void process.stdout.write('There are none.\n');
  for (const [index, entry] of list.entries()) {
    if (index > 0) process.stdout.write('\n');
    print(entry, options);
  }
}

function show(value: unknown): string {
  if (value === null) return styleText('dim', 'any');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.length === 0 ? styleText('dim', 'none') : value.join(' ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
