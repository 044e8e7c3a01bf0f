import { noChanges } from '../domain/sync.ts';
import { addDays, type CalendarDate } from '../kernel/calendar-date.ts';
import type { AccountId } from '../kernel/id.ts';
import { listAccounts } from '../store/accounts.ts';
import type { UserTransaction } from '../store/log.ts';
import { findLastSettlements, linkSettlement, listCardEntries, listOpenSettlements } from '../store/settlements.ts';
import type { Run } from './run.ts';
import { settledCardOf, type Card, type Settlement } from './settled-card.ts';

/** A settlement that could not be told from others for so long is left as it is. */
const maxAgeDays = 100;

/** What is settled was bought in the two months before. */
const maxDaysBeforeSettlement = 65;

/**
 * Links what payment accounts have paid for deferred-debit cards of the same connection to the card, once all accounts
 * have been read: the card may be read after the account that pays. Costs one statement where there is no card.
 */
export async function linkSettlements(run: Run, { tx, append }: UserTransaction, now: Date): Promise<void> {
  const accounts = (await listAccounts(run.scope, tx, run.connectionId)).filter(({ deletedAt }) => deletedAt === null);
  const cardAccounts = accounts.filter(({ type }) => type === 'CREDIT_CARD');
  if (cardAccounts.length === 0) return;
  const payers = accounts.filter(({ type }) => type !== 'CREDIT_CARD').map(({ id }) => id);
  const since = addDays(now.toISOString().slice(0, 10), -maxAgeDays);
  const open = payers.length === 0 ? [] : await listOpenSettlements(run.scope, tx, payers, since);
  const [oldest] = open;
  if (!oldest) return;
  const cardIds = cardAccounts.map(({ id }) => id);
  const from = addDays(oldest.datedOn, -maxDaysBeforeSettlement);
  const entries = Map.groupBy(await listCardEntries(run.scope, tx, cardIds, from), ({ accountId }) => accountId);
  const settledOn = await findLastSettlements(run.scope, tx, payers);
  const cards = cardAccounts.map(({ id, maskedPan, currency }) => ({
    id,
    maskedPan,
    currency,
    entries: (entries.get(id) ?? []).map((one) => ({ ...one, isSettlement: one.type === 'CREDIT_CARD_PAYMENT' })),
  }));
  const linked: Settlement[] = [];
  for (const settlement of open) {
    const settledCardId = settledCardOf(
      settlement,
      cards.map((card) => withLast(card, settledOn, settlement)),
    );
    if (settledCardId === null) continue;
    await linkSettlement(run.scope, tx, { id: settlement.id, settledCardId }, now);
    settledOn.set(settledCardId, settlement.datedOn);
    linked.push(settlement);
  }
  for (const [accountId, settlements] of Map.groupBy(linked, (one) => one.accountId)) {
    await append(now, {
      type: 'transactions.changed',
      facts: {
        connectionId: run.connectionId,
        accountId,
        syncId: run.syncId,
        counts: { ...noChanges, updated: settlements.length },
        oldestChangedOn: settlements[0]?.datedOn ?? null,
      },
    });
  }
}

function withLast(
  card: Omit<Card, 'settledOn'>,
  settledOn: ReadonlyMap<AccountId, CalendarDate>,
  { datedOn }: Settlement,
): Card {
  const last = settledOn.get(card.id);
  return { ...card, settledOn: last !== undefined && last < datedOn ? last : null };
}
