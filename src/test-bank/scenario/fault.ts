import { z } from 'zod';
import { instantSchema } from './values.ts';

/** Everything that can be made to go wrong, by name. */
export const faultKinds = [
  'unavailable',
  'server-error',
  'timeout',
  'cut-connection',
  'rate-limited',
  'html-error',
  'mid-page-failure',
  'truncated-history',
  'duplicated-pages',
  'reissued-ids',
] as const;
export type FaultKind = (typeof faultKinds)[number];

const faultFields = {
  kind: z.enum(faultKinds),
  path: z.string().startsWith('/').max(200).optional().describe('Only addresses that begin with this path.'),
  retryAfterSeconds: z.int().min(1).max(604_800).optional().describe('For unavailable and rate-limited.'),
  isCounted: z
    .boolean()
    .optional()
    .describe('Strikes once the bank has counted the call: it answered, or meant to, and the caller cannot know.'),
  days: z.int().min(1).max(3660).default(30).describe('For truncated-history: the days that are left.'),
};

/** A fault on the scenario's timeline: it holds from `from` until `until` by the clock of the bank. */
export const timelineFaultSchema = z.strictObject({ ...faultFields, from: instantSchema, until: instantSchema });

/** A fault asked for through the control: it begins now and ends after so many calls, so many seconds, or a reset. */
export const triggeredFaultSchema = z.strictObject({
  ...faultFields,
  calls: z.int().min(1).max(100_000).optional(),
  durationSeconds: z.int().min(1).max(31_536_000).optional(),
});

export type TimelineFault = z.output<typeof timelineFaultSchema>;
export type TriggeredFault = z.output<typeof triggeredFaultSchema>;
