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

let second = Number.NaN;
let textOfSecond = '';

/** RFC 3339 in UTC with milliseconds. Instants that are answered together are mostly of one second: it is written once. */
export function instantText(at: Date): string {
  const milliseconds = at.getTime();
  const now = Math.floor(milliseconds / 1000);
  if (now !== second) {
    textOfSecond = at.toISOString().slice(0, -4);
    second = now;
  }
  return `${textOfSecond}${String(milliseconds - now * 1000).padStart(3, '0')}Z`;
}

builder.scalarType('DateTime', {
  description: 'An instant as RFC 3339 text. Answers are in UTC with milliseconds: `2026-11-23T08:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: instantText,
  parseValue,
  parseLiteral: literal(parseValue),
});
