import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { millisecondsPerDay, type Clock } from '../../kernel/clock.ts';
import type { Person } from '../scenario/schema.ts';
import type { BankState } from '../state/state.ts';

const recordSchema = z.strictObject({ personId: z.string(), until: z.int() });

/** Browsers that passed a challenge and are not asked again for a while. Survive a restart with the state. */
export interface TrustedBrowsers {
  /** The token to keep in a cookie. */
  trust(person: Person, days: number): string;
  isTrusted(token: string | undefined, person: Person): boolean;
}

const keptMax = 2000;

export function trustedBrowsers(state: BankState, clock: Clock): TrustedBrowsers {
  const records = state.collection('trusted-browsers', recordSchema);
  return {
    trust(person, days) {
      const now = clock.now().getTime();
      const all = [...records.entries()];
      const tooMany = all.length - keptMax + 1;
      for (const [index, [token, { until }]] of all.entries())
        if (until <= now || index < tooMany) records.delete(token);
      const token = randomBytes(18).toString('base64url');
      records.put(token, { personId: person.id, until: now + days * millisecondsPerDay });
      return token;
    },
    isTrusted(token, person) {
      const record = token === undefined ? null : records.get(token);
      return record?.personId === person.id && clock.now().getTime() < record.until;
    },
  };
}
