import { readFile } from 'node:fs/promises';
import { parseScenario, type ScenarioProblem } from './parse-scenario.ts';
import type { Scenario } from './schema.ts';

const defaultFile = new URL('default.yaml', import.meta.url);

/** A scenario that cannot be used; the message lists every mistake, one a line, as `file:line:column path problem remedy`. */
export class ScenarioInvalid extends Error {
  override readonly name = 'ScenarioInvalid';
  readonly problems: readonly ScenarioProblem[];

  constructor(file: string, problems: readonly ScenarioProblem[]) {
    super(`The scenario ${file} cannot be used:\n${problems.map((problem) => describe(file, problem)).join('\n')}`);
    this.problems = problems;
  }
}

/** Reads a scenario file, or the default household when no path is given. Throws ScenarioInvalid. */
export async function loadScenario(path?: string): Promise<Scenario> {
  const file = path ?? 'default.yaml';
  let text: string;
  try {
    text = await readFile(path ?? defaultFile, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new ScenarioInvalid(file, [
      {
        line: 1,
        column: 1,
        path: '',
        problem: `The file cannot be read (${code}).`,
        remedy: 'Check the path and its permissions.',
      },
    ]);
  }
  const result = parseScenario(text);
  if (!result.scenario) throw new ScenarioInvalid(file, result.problems);
  return result.scenario;
}

function describe(file: string, { line, column, path, problem, remedy }: ScenarioProblem): string {
  return `  ${file}:${line}:${column} ${path ? `${path}: ` : ''}${problem} ${remedy}`;
}
