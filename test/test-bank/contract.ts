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
}

export async function readContract(): Promise<Contract> {
  const api = new OpenAPIBackend({
    definition: parse(readFileSync(file, 'utf8')) as Document,
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
      const { valid, errors } = api.validateResponse(body, operationId, status);
      if (valid) return [];
      return (errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    },
  };
}
