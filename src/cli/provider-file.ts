import { readFile } from 'node:fs/promises';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { quirkReaders } from '../app/bank-connectors.ts';
import { Failure } from '../domain/failure.ts';
import { providerListSchema, type ProviderListing } from '../domain/provider.ts';

/** A list of providers that cannot be loaded: every mistake, one a line, as `file:line:column path: message`. */
class ProviderFileInvalid extends Error {
  override readonly name = 'ProviderFileInvalid';
}

interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The unknown key, which stands at a place of its own. */
  readonly key?: string;
}

/**
 * Reads a list of providers, YAML or JSON, and has each connector read its quirks: what a bank's entry says wrong is told
 * when it is loaded, not when a person links the bank. Throws ProviderFileInvalid with every mistake and its place.
 */
export async function readProviderFile(path: string): Promise<readonly ProviderListing[]> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(path), { lineCounter: lines, prettyErrors: false });
  const [syntaxError] = document.errors;
  if (syntaxError) {
    const { line, col } = lines.linePos(syntaxError.pos[0]);
    throw new ProviderFileInvalid(`${path}:${line}:${col} ${syntaxError.message}`);
  }
  const parsed = providerListSchema.safeParse(document.toJS({ maxAliasCount: 1000 }));
  const mistakes = parsed.success
    ? parsed.data.providers.flatMap(quirkMistakes)
    : parsed.error.issues.flatMap(mistakesOf);
  if (parsed.success && mistakes.length === 0) return parsed.data.providers;
  const told = mistakes.map((mistake) => {
    const { line, column } = placeOf(document, lines, mistake);
    return `  ${path}:${line}:${column} ${pathText(mistake.path)}: ${mistake.message}`;
  });
  throw new ProviderFileInvalid(`The list of providers cannot be loaded; nothing was changed:\n${told.join('\n')}`);
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new ProviderFileInvalid(`${path}: the file cannot be read${code}.`);
  });
}

function quirkMistakes({ channels }: ProviderListing, index: number): Mistake[] {
  return channels.flatMap(({ dialect, baseUrl, timeZone, quirks }, position) => {
    const path = ['providers', index, 'channels', position];
    const read = quirkReaders.get(dialect);
    if (!read) {
      const known = [...quirkReaders.keys()].join(', ');
      return [{ path: [...path, 'dialect'], message: `no connector speaks this; there are ${known}` }];
    }
    try {
      read({ baseUrl, timeZone, quirks });
      return [];
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return [{ path: [...path, 'quirks'], message: error.message }];
    }
  });
}

function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ path, key, message: `unknown key "${key}"` }));
  return [{ path, message: issue.message }];
}

/** The nearest place that the file has: what is missing is told where its mapping begins. */
function placeOf(document: Document, lines: LineCounter, { path, key }: Mistake): { line: number; column: number } {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const found = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === key)?.key
      : undefined;
    const { line, col } = lines.linePos(isScalar(found) && found.range ? found.range[0] : node.range[0]);
    return { line, column: col };
  }
  return { line: 1, column: 1 };
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || 'file';
}
