import { z } from 'zod';
import { profiles } from '../../src/test-bank/scenario/profiles.ts';
import { switchesSchema } from '../../src/test-bank/scenario/switches.ts';
import { failureRows } from './failure-codes.ts';

const propertySchema = z.looseObject({
  enum: z.array(z.string()).optional(),
  default: z.unknown(),
  description: z.string(),
});

function switchTable(): string {
  const { properties } = z.toJSONSchema(switchesSchema, { io: 'input' });
  const rows = Object.entries(properties ?? {}).map(([name, property]) => {
    const { enum: values, default: usual, description } = propertySchema.parse(property);
    const others = values?.filter((value) => value !== usual).map((value) => `\`${value}\``) ?? [];
    return [`\`${name}\``, [`**${JSON.stringify(usual).replaceAll('"', '')}**`, ...others].join(' '), description];
  });
  return table(['switch', 'values, the usual one first', 'what, and who behaves so'], rows);
}

function profileTable(): string {
  const rows = Object.entries(profiles).map(([name, { seenAt, violates, bank }]) => [
    `\`${name}\``,
    seenAt,
    Object.entries({ ...bank, ...bank.switches, switches: undefined })
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${key}: ${JSON.stringify(value).replaceAll('"', '')}`)
      .join(', '),
    violates ?? '',
  ]);
  return table(['profile', 'seen at', 'sets', 'violates the contract'], rows);
}

function failureTable(): string {
  const rows = failureRows().map(({ login, redirect, portal }) => [`\`${login}\``, redirect, portal]);
  return table(['login', 'on the pages of a redirect and at the faces', 'on the portal'], rows);
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)].join('\n');
}

const tables: Readonly<Record<string, () => string>> = {
  switches: switchTable,
  profiles: profileTable,
  failures: failureTable,
};

/** The README with its generated tables made anew. */
export function withTables(readme: string): string {
  return readme.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(\n<!-- end of \2 -->)/g,
    (whole, begin: string, name: string, end: string) => `${begin}${tables[name]?.() ?? whole}${end}`,
  );
}
