import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { checkReferences } from './check-references.ts';
import type { Finding } from './finding.ts';
import { scenarioSchema, type Scenario } from './schema.ts';
import { withProfile } from './with-profile.ts';

/** One mistake in a scenario file. Line and column count from 1. */
export interface ScenarioProblem {
  readonly line: number;
  readonly column: number;
  /** Where in the data: `accounts[2].transactions[0].amount`; empty for the file as a whole. */
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
}

export type ScenarioResult =
  | { readonly scenario: Scenario; readonly problems: null }
  | { readonly scenario: null; readonly problems: readonly ScenarioProblem[] };

const scenarioCharactersMax = 1_000_000;

/** Reads YAML or JSON text. Never throws for bad text: every mistake is told at once, in the order of the file. */
export function parseScenario(text: string): ScenarioResult {
  if (text.length > scenarioCharactersMax) {
    return failed([
      {
        line: 1,
        column: 1,
        path: '',
        problem: 'The file is longer than 1 million characters.',
        remedy: 'Use rules (every, monthly, times) instead of single transactions.',
      },
    ]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return failed(
      document.errors.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        return {
          line,
          column: col,
          path: '',
          problem: error.message,
          remedy: 'Correct the YAML (or JSON) at this place.',
        };
      }),
    );
  }
  const parsed = readSchema(document);
  if ('cause' in parsed)
    return failed([{ line: 1, column: 1, path: '', problem: parsed.cause, remedy: 'Use fewer aliases.' }]);
  const findings = parsed.success ? checkReferences(parsed.data) : parsed.error.issues.flatMap(explain);
  if (parsed.success && findings.length === 0) return { scenario: parsed.data, problems: null };
  return failed(
    findings
      .map(({ path, key, problem, remedy }) => ({
        ...place(document, lines, path, key),
        path: pathText(path),
        problem,
        remedy,
      }))
      .toSorted((left, right) => left.line - right.line || left.column - right.column),
  );
}

function readSchema(document: Document) {
  try {
    return scenarioSchema.safeParse(withProfile(document.toJS()), { reportInput: true });
  } catch (error) {
    return { cause: error instanceof Error ? error.message : 'The file cannot be read.' };
  }
}

function failed(problems: readonly ScenarioProblem[]): ScenarioResult {
  return { scenario: null, problems };
}

function explain(issue: z.core.$ZodIssue): Finding[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path,
        key,
        problem: `Unknown key "${key}".`,
        remedy: 'Remove it, or see the JSON Schema for the keys of this place.',
      }));
    case 'invalid_value':
      return [
        {
          path,
          problem: 'This value is not allowed here.',
          remedy: `Use one of: ${issue.values.map(String).join(', ')}.`,
        },
      ];
    case 'invalid_type':
      return [
        issue.input === undefined
          ? { path, problem: 'This key is missing.', remedy: `Add it, with a value of type ${issue.expected}.` }
          : { path, problem: 'The value is of another type.', remedy: `Write a value of type ${issue.expected} here.` },
      ];
    case 'too_small':
      return [{ path, problem: issue.message, remedy: `The least is ${issue.minimum}.` }];
    case 'too_big':
      return [{ path, problem: issue.message, remedy: `The most is ${issue.maximum}.` }];
    case 'custom':
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_element':
    case 'invalid_key':
    case 'not_multiple_of':
      return [{ path, problem: 'This value has not the right form.', remedy: `Write ${issue.message}.` }];
  }
}

/** The nearest node that exists in the text: a missing key is reported where its mapping begins. */
function place(document: Document, lines: LineCounter, path: readonly PropertyKey[], key?: string) {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const keyNode =
      key !== undefined && isMap(node)
        ? node.items.find((item) => isScalar(item.key) && item.key.value === key)?.key
        : undefined;
    const offset = isScalar(keyNode) && keyNode.range ? keyNode.range[0] : node.range[0];
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  }
  return { line: 1, column: 1 };
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
