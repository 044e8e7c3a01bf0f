import { styleText } from 'node:util';

/** An error as the person at the terminal needs it: what is wrong and why, without a stack unless it is a bug. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  const lines = [styleText('red', isBug ? (error.stack ?? error.message) : error.message, { stream: process.stderr })];
  if (error instanceof AggregateError) for (const part of error.errors) lines.push(`  ${explain(part)}`);
  if (error.cause instanceof Error) lines.push(`  because: ${explain(error.cause)}`);
  return lines.join('\n');
}
