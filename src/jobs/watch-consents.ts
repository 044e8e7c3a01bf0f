import type { ActionContext } from '../actions/context.ts';
import { abandonConsent, remindOfConsent } from '../actions/watch-consent.ts';
import { abandonedConsents, consentsToRemindOf } from '../store/consents.ts';

/** How many consents of each kind one round takes; the next round is a minute later. */
const maxPerRound = 1_000;

/**
 * One round over the consents of all clients: those that end soon are reminded of, those whose time has passed are
 * over, and so are requests that nobody confirmed in time. It asks no bank. Two rounds at the same time do no harm:
 * each consent is looked at again under its user's lock.
 */
export async function watchConsents(context: ActionContext): Promise<{ reminded: number; abandoned: number }> {
  const { db } = context.database;
  const now = context.clock.now();
  let reminded = 0;
  for (const { id, scope, timeZone } of await consentsToRemindOf(db, now, maxPerRound)) {
    if (await remindOfConsent(context, scope, id, timeZone)) reminded += 1;
  }
  let abandoned = 0;
  for (const { id, scope } of await abandonedConsents(db, now, maxPerRound)) {
    if (await abandonConsent(context, scope, id)) abandoned += 1;
  }
  return { reminded, abandoned };
}
