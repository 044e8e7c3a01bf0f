import { existsSync, readFileSync } from 'node:fs';
import formats from 'ajv-formats';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { parse } from 'yaml';

/** The published contract lies outside the repository, where the project's reference files are. */
const file = new URL('../../../shared/specs/berlin-group-nextgenpsd2-1.3.11-repaired-ais-1.3.16.yaml', import.meta.url);

export const contractIsThere = existsSync(file);

export interface Contract {
  /** What is wrong with an answer, in words; empty when it conforms. */
  problems(operationId: string, status: number, body: unknown): string[];
  /** What is wrong with a request; `path` begins with /v1. */
  requestProblems(operationId: string, request: ContractRequest): string[];
}

export interface ContractRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export async function readContract(): Promise<Contract> {
  const api = new OpenAPIBackend({
    definition: withOverlaps(parse(readFileSync(file, 'utf8'))) as Document,
    quick: true,
    strict: false,
    // The contract escapes a dash where Unicode mode forbids it.
    ajvOpts: { strict: false, allErrors: true, unicodeRegExp: false },
    customizeAjv(ajv) {
      formats.default(ajv);
      return ajv;
    },
  });
  await api.init();
  return {
    problems(operationId, status, body) {
      if (!api.router.getOperation(operationId)) return [`The contract has no operation ${operationId}.`];
      const { valid, errors } = api.validateResponse(body, operationId, status);
      if (valid) return [];
      return (errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    },
    requestProblems(operationId, request) {
      const operation = api.router.getOperation(operationId);
      if (!operation) return [`The contract has no operation ${operationId}.`];
      const { valid, errors } = api.validateRequest({ ...request, query: { ...request.query } }, operation);
      if (valid) return [];
      return (errors ?? []).map((error) => `request ${error.instancePath} ${error.message}`);
    },
  };
}

/**
 * Where the contract lists the steps of an authorisation, its alternatives overlap (one of them is an empty object), so
 * that nothing matches exactly one: one at least is what is meant.
 */
function withOverlaps(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withOverlaps);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key === 'oneOf' ? 'anyOf' : key, withOverlaps(value)]),
  );
}
