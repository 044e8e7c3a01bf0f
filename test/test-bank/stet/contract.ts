import { existsSync, readFileSync } from 'node:fs';
import formats from 'ajv-formats';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { parse } from 'yaml';

/** The condensed contract lies outside the repository, where the project's reference files are. */
const file = new URL('../../../../shared/specs/stet-aisp-1.4.0.47-condensed.yaml', import.meta.url);

export const stetContractIsThere = existsSync(file);

export interface ToldRequest {
  readonly method: string;
  /** Below `/stet`: `/v1/accounts?...`. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface StetContract {
  /** What is wrong with a call and its answer, in words; empty when both conform. */
  problems(request: ToldRequest, answer: { status: number; type: string | null; text: string }): string[];
}

export async function readStetContract(): Promise<StetContract> {
  // openapi-backend looks at application/json only; which type belongs to which answer is checked below.
  const text = readFileSync(file, 'utf8').replaceAll('application/hal+json', 'application/json');
  const api = new OpenAPIBackend({
    definition: parse(text, { merge: true }) as Document,
    quick: true,
    strict: false,
    ajvOpts: { strict: false, allErrors: true, unicodeRegExp: false },
    customizeAjv(ajv) {
      formats.default(ajv);
      return ajv;
    },
  });
  await api.init();
  return {
    problems({ method, target, headers, body }, { status, type, text: answered }) {
      const [path = '', query = ''] = target.split('?');
      const request = { method, path, query, headers: { ...headers }, body };
      const operation = api.matchOperation(request);
      if (!operation?.operationId) return [`${method} ${path} is not in the contract`];
      const { operationId } = operation;
      const asked = api.validateRequest(request, operation).errors ?? [];
      const responses = (operation as { responses?: Record<string, unknown> }).responses ?? {};
      const documented = String(status) in responses;
      const json: unknown = answered === '' ? undefined : JSON.parse(answered);
      const found = json === undefined ? [] : (api.validateResponse(json, operationId, status).errors ?? []);
      const wanted = status === 200 ? 'application/hal+json; charset=utf-8' : 'application/json';
      return [
        ...asked.map((error) => `${operationId} request ${error.instancePath} ${error.message}`),
        ...(documented ? [] : [`${operationId} does not document ${status}`]),
        ...(json === undefined || type === wanted ? [] : [`${operationId} ${status} is ${type}, not ${wanted}`]),
        ...found.map((error) => `${operationId} ${status} ${error.instancePath} ${error.message}`),
      ];
    },
  };
}
