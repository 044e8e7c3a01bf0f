import { z } from 'zod';
import { accessSwitches } from './access-switches.ts';
import { contentSwitches } from './content-switches.ts';
import { protocolSwitches } from './protocol-switches.ts';

/**
 * How a bank departs from the standard, one switch per habit. Every default is the well-behaved value, so that a
 * scenario names only what is odd about its bank. Profiles bundle them: profiles.ts.
 */
export const switchesSchema = z
  .strictObject({ ...contentSwitches, ...protocolSwitches, ...accessSwitches })
  .prefault({});

export type Switches = z.output<typeof switchesSchema>;
