import { builder } from '../builder.ts';
import { literal, notAllowed } from './define.ts';

const pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** The instant of an RFC 3339 text with an offset, or null. Days that do not exist are refused, not rolled over. */
export function parseInstant(text: string): Date | null {
  if (!pattern.test(text)) return null;
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return null;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return day.toISOString().startsWith(text.slice(0, 10)) ? at : null;
}

function parseValue(value: unknown): Date {
  const at = typeof value === 'string' ? parseInstant(value) : null;
  if (!at) throw notAllowed('DateTime', 'an RFC 3339 instant with an offset, such as "2026-11-23T08:30:00Z"', value);
  return at;
}

builder.scalarType('DateTime', {
  description: 'An instant as RFC 3339 text. Answers are in UTC with milliseconds: `2026-11-23T08:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value.toISOString(),
  parseValue,
  parseLiteral: literal(parseValue),
});
