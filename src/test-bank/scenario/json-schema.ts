import { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** The JSON Schema of the scenario file, for editors: completion, descriptions and first checks while typing. */
export function scenarioJsonSchema(): object {
  return { title: 'Test bank scenario', ...z.toJSONSchema(scenarioSchema, { io: 'input' }) };
}
