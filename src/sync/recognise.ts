import type { CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId } from '../kernel/id.ts';
import { listDigests } from '../store/recognised-rows.ts';
import type { SpooledEntry } from '../store/spool.ts';
import { categorize } from './categorize.ts';
import { createRecognised, type Recognised } from './recognised.ts';
import type { Run } from './run.ts';

/** What has been recognised of an account, since the oldest booked day that the bank has shown; null for none so far. */
export interface Recognition {
  readonly recognised: Recognised;
  readonly since: CalendarDate | null;
}

/**
 * Recognises booked entries as they come, and gives those that must be compared. Days are learnt when an entry of theirs
 * is shown: banks begin with the newest as well as with the oldest.
 */
export function recogniser(run: Run, accountId: AccountId) {
  const recognised = createRecognised((bank) => categorize(bank) !== null);
  let since: CalendarDate | null = null;
  return {
    recognition: (): Recognition => ({ recognised, since }),
    unknownOf: async (booked: readonly SpooledEntry[]): Promise<SpooledEntry[]> => {
      const oldest = oldestOf(booked);
      if (oldest !== null && (since === null || oldest < since)) {
        const days = { from: oldest, before: since };
        recognised.learn(await listDigests(run.scope, run.context.database.db, accountId, days));
        since = oldest;
      }
      return booked.filter(({ bank }) => !recognised.strike(bank));
    },
  };
}

function oldestOf(booked: readonly SpooledEntry[]): CalendarDate | null {
  let oldest: CalendarDate | null = null;
  for (const { bank } of booked) if (oldest === null || bank.bookedOn < oldest) oldest = bank.bookedOn;
  return oldest;
}
