import { and, eq, isNull } from 'drizzle-orm';
import { onTestFinished } from 'vitest';
import { completeAuthorization } from '../../../src/actions/complete-authorization.ts';
import { installTestBank } from '../../../src/actions/install-test-bank.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { startConnection } from '../../../src/actions/start-connection.ts';
import { visitBank } from '../../../src/cli/demo/bank-visit.ts';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import type { SyncType } from '../../../src/domain/sync.ts';
import { scopeOfRow } from '../../../src/domain/viewer.ts';
import { manualClock, millisecondsPerDay } from '../../../src/kernel/clock.ts';
import { accounts, transactions } from '../../../src/store/schema/tables.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { startTestBank } from '../../../src/test-bank/server.ts';
import { seedClient, seedUser } from '../../support/fixtures.ts';
import { houseContext } from '../../support/house-context.ts';
import { scenarioOf } from '../../test-bank/support.ts';

type Rule = Record<string, unknown>;
type Account = Record<string, unknown> & { id: string; transactions?: Rule[] };

/** A bank with one person; what a scenario leaves out. */
export function scenarioWith(given: {
  switches?: Record<string, string>;
  bank?: Record<string, unknown>;
  faults?: readonly Rule[];
  accounts: readonly Account[];
}) {
  return scenarioOf({
    seed: 'months',
    epoch: '2025-11-01',
    bank: { name: 'Bank', historyDays: 730, switches: given.switches ?? {}, ...given.bank },
    faults: given.faults ?? [],
    people: [{ id: 'ada', name: 'Ada', login: 'ada', password: 'secret12', challenge: { kind: 'none' } }],
    accounts: given.accounts.map((account) => ({
      owners: ['ada'],
      type: 'checking',
      name: account.id,
      openingBalance: '1000.00',
      ...account,
    })),
  });
}

/** Half a year of ordinary life: twins, guesses that are corrected, guesses that vanish, and a card that is paid late. */
export const ordinaryLife: readonly Rule[] = [
  {
    id: 'salary',
    monthly: { day: 'last-working' },
    kind: 'transfer-in',
    amount: { min: '2300.00', max: '2360.00' },
    text: 'VIR SEPA RECU /DE ATELIERS /MOTIF SALAIRE {month}',
  },
  { id: 'rent', monthly: { day: 3 }, kind: 'transfer-out', amount: '-900.00', text: 'VIR PERM LOYER {month}' },
  // Three identical coffees on one day: nothing tells them apart, and none may be lost.
  {
    id: 'coffee',
    every: { days: 5 },
    times: 3,
    kind: 'card',
    amount: '-2.40',
    pending: { days: 1 },
    text: 'CARTE CAFE DES ARTS',
  },
  {
    id: 'fuel',
    every: { days: 11 },
    kind: 'card',
    amount: '-120.00',
    pending: { days: 2, outcome: 'changes-amount', bookedAmount: { min: '-84.00', max: '-41.00' } },
    text: 'CARTE TOTALENERGIES {ddmm}',
  },
  {
    id: 'hotel',
    every: { days: 23 },
    kind: 'card',
    amount: { min: '-300.00', max: '-100.00' },
    pending: { days: 3, outcome: 'vanishes' },
    text: 'CARTE HOTEL DU LAC {ddmm}',
  },
  {
    id: 'shop',
    every: { days: 7 },
    kind: 'card',
    amount: { min: '-80.00', max: '-10.00' },
    pending: { days: 1, outcome: 'returns-under-another-id' },
    text: 'CARTE EPICERIE {ddmm} {n}',
  },
];

/** A linked household at a bank whose days the test turns. */
export async function household(given: Parameters<typeof scenarioWith>[0]) {
  const clock = manualClock(new Date('2026-01-05T08:00:00Z'));
  const server = await startTestBank({ clock, scenario: scenarioWith(given) });
  const http = createBankHttp();
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const connectors = createRegistry([createBerlinGroupConnector(http)]);
  const context = await houseContext({ clock, connectors });
  const { db } = context.database;
  const providerId = await installTestBank(context, server.url);
  const clientId = await seedClient(context.database);
  const scope = scopeOfRow({ clientId, userId: await seedUser(context.database, clientId) });
  const psu = { ipAddress: '192.0.2.7' };
  const input = { providerId, channels: ['REDIRECT'], redirectUrl: null, psu } as const;
  const { connectionId, authorizationUrl } = await startConnection(context, scope, input);
  const back = new URL(await visitBank(authorizationUrl!, { login: 'ada', password: 'secret12' }));
  const { state = '', ...parameters } = Object.fromEntries(back.searchParams);
  await completeAuthorization(context, { state, parameters, psu });
  return {
    bank: server.bank,
    clock,
    context,
    scope,
    connectionId,
    async sync(type: SyncType = 'ALL') {
      const { syncId } = await requestSync(context, scope, { connectionId, type, trigger: 'ON_DEMAND', psu });
      return runSync(context, scope, syncId, new AbortController().signal);
    },
    nextDay: () => clock.advance(millisecondsPerDay),
    change: (next: Parameters<typeof scenarioWith>[0]) => server.bank.replaceScenario(scenarioWith(next)),
    accounts: () => db.select().from(accounts).where(isNull(accounts.deletedAt)).orderBy(accounts.createdAt),
    /** Our rows of the account that the scenario calls so, oldest first. */
    async rows(name: string) {
      const [account] = await db.select().from(accounts).where(eq(accounts.name, name));
      if (!account) throw new Error(`There is no account ${name}.`);
      const ofAccount = and(eq(transactions.accountId, account.id));
      return db.select().from(transactions).where(ofAccount).orderBy(transactions.datedOn, transactions.id);
    },
    /** What the bank has booked, as day and amount. */
    booked(name: string): string[] {
      const book = server.bank.ledger().account(name);
      return (book?.booked(0, book.bookedCount) ?? []).map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`);
    },
  };
}

export type Household = Awaited<ReturnType<typeof household>>;
type Row = Awaited<ReturnType<Household['rows']>>[number];

/** Our booked rows in the same words. */
export function shown(rows: readonly Row[]): string[] {
  return rows.filter((row) => row.status === 'BOOKED').map((row) => `${row.bookedOn} ${row.amount}`);
}
