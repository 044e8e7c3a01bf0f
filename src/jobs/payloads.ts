import { z } from 'zod';
import type { TaskName, TaskPayloads } from '../store/jobs.ts';
import { isId, type IdKind } from '../kernel/id.ts';

function id<Kind extends IdKind>(kind: Kind) {
  return z.string().refine((text) => isId(kind, text));
}

const schemas = {
  'run-sync': z.object({ syncId: id('sync'), userId: id('user'), clientId: id('client') }),
  'apply-category-rules': z.object({
    clientId: id('client'),
    userId: id('user').nullable(),
    afterUserId: id('user').nullable(),
    ruleId: id('categoryRule'),
  }),
  'revoke-consent': z.object({
    consentId: id('consent'),
    dialect: z.string(),
    endpoint: z.object({ baseUrl: z.string(), timeZone: z.string(), quirks: z.record(z.string(), z.unknown()) }),
    sealedSession: z.string(),
  }),
} as const satisfies Record<TaskName, z.ZodType>;

/** The payload of a job; throws for one that an older version wrote in another shape. */
export function parsePayload<Name extends TaskName>(task: Name, payload: unknown): TaskPayloads[Name] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of this name has just checked the shape
  return schemas[task].parse(payload) as TaskPayloads[Name];
}
