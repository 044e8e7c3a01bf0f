import type { Context } from 'hono';
import { Refusal } from '../refusal.ts';

/** The body as JSON; undefined where it may be empty and is. */
export async function readJson(context: Context, presence: 'mandatory' | 'may be empty'): Promise<unknown> {
  const text = await context.req.text();
  if (presence === 'may be empty' && text.trim() === '') return undefined;
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) {
    throw new Refusal(415, 'FORMAT_ERROR', 'The body must be application/json.', { path: 'Content-Type' });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'FORMAT_ERROR', 'The body is not valid JSON.');
  }
}

export function tooLarge(): never {
  throw new Refusal(413, 'FORMAT_ERROR', 'The body is too large.');
}
