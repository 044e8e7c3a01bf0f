import { eq } from 'drizzle-orm';
import { expect, onTestFinished, test } from 'vitest';
import { answerChallenge } from '../../../src/actions/answer-challenge.ts';
import { installTestBank } from '../../../src/actions/install-test-bank.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { startConnection } from '../../../src/actions/start-connection.ts';
import { createBankHttp } from '../../../src/connectors/bank-http.ts';
import { createPortalConnector } from '../../../src/connectors/portal/connector.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import { scopeOfRow } from '../../../src/domain/viewer.ts';
import { manualClock, millisecondsPerDay } from '../../../src/kernel/clock.ts';
import type { SyncId } from '../../../src/kernel/id.ts';
import { accounts, challenges, transactions } from '../../../src/store/schema/tables.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { portalScenario } from '../../test-bank/portal/customer.ts';
import { openBankAt } from '../../test-bank/support.ts';
import { seedClient, seedUser } from '../../support/fixtures.ts';
import { houseContext } from '../../support/house-context.ts';

const psu = { ipAddress: '192.0.2.7' };

/** Two coffees a day that look alike, a purchase that is pending before it is booked at another amount, a salary. */
const movements = [
  { id: 'coffee', every: { days: 1 }, kind: 'card', amount: '-1.50', text: 'CARTE CAFE DU PORT' },
  { id: 'second', every: { days: 1 }, kind: 'card', amount: '-1.50', text: 'CARTE CAFE DU PORT' },
  {
    id: 'fuel',
    every: { days: 5 },
    kind: 'card',
    amount: '-120.00',
    pending: { days: 2, outcome: 'changes-amount', bookedAmount: { min: '-84.00', max: '-41.00' } },
    text: 'CARTE TOTALENERGIES {ddmm}',
  },
  { id: 'salary', monthly: { day: 28 }, kind: 'transfer-in', amount: '2310.00', text: 'VIR SEPA RECU /DE ATELIERS' },
];

async function linkedHouse() {
  const scenario = portalScenario({
    person: { challenge: { kind: 'otp' } },
    portal: { pageSize: 20, trustedDays: 90 },
    transactions: movements,
  });
  const clock = manualClock(new Date('2026-03-10T08:00:00Z'));
  const server = await openBankAt(clock.now(), { scenario, clock });
  const http = createBankHttp({ clock });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const context = await houseContext({ clock, connectors: createRegistry([createPortalConnector(http)]) });
  const { db } = context.database;
  const providerId = await installTestBank(context, server.url);
  const clientId = await seedClient(context.database);
  const scope = scopeOfRow({ clientId, userId: await seedUser(context.database, clientId) });
  const run = (syncId: SyncId) => runSync(context, scope, syncId, new AbortController().signal);
  const credentials = [
    { name: 'login', value: 'alice' },
    { name: 'password', value: 'secret12' },
  ];
  const input = { providerId, channels: ['EMBEDDED'], credentials, redirectUrl: null, psu } as const;
  const { connectionId, syncId } = await startConnection(context, scope, input);
  return {
    bank: server.bank,
    clock,
    syncId: syncId!,
    run,
    db,
    async answer(code: string) {
      const [challenge] = await db.select().from(challenges).where(eq(challenges.status, 'OPEN'));
      return answerChallenge(context, scope, { challengeId: challenge!.id, answer: code, psu });
    },
    async unattended() {
      const input = { connectionId, type: 'ALL', trigger: 'SCHEDULED', psu: null } as const;
      return run((await requestSync(context, scope, input)).syncId);
    },
    messages: () => server.bank.challenges.sentTo('alice'),
    async ours() {
      const [current] = await db.select().from(accounts).where(eq(accounts.name, 'Compte courant'));
      const rows = await db.select().from(transactions).where(eq(transactions.accountId, current!.id));
      return rows
        .filter(({ status }) => status === 'BOOKED')
        .map(({ bookedOn, amount }) => `${bookedOn} ${amount}`)
        .toSorted();
    },
    theirs() {
      const book = server.bank.ledger().account('current')!;
      return book
        .booked(0, book.bookedCount)
        .map(({ bookedOn, money }) => `${bookedOn} ${money.amount}`)
        .toSorted();
    },
  };
}

test('a person links online banking with a code, and weeks of nights later the ledger is the bank’s', async () => {
  const house = await linkedHouse();
  expect(await house.run(house.syncId)).toBe('WAITING_FOR_USER');
  await house.answer(house.messages()[0]!.code);
  expect(await house.run(house.syncId)).toBe('SUCCEEDED');
  const linked = await house.db.select().from(accounts);
  expect(linked.map(({ type }) => type).toSorted()).toEqual([
    'CHECKINGS',
    'CREDIT_CARD',
    'LOAN',
    'SAVINGS',
    'SAVINGS',
    'SAVINGS',
  ]);
  expect(await house.ours()).toEqual(house.theirs());

  for (let night = 1; night <= 24; night += 1) {
    house.clock.advance(millisecondsPerDay);
    // The site is relaunched: other addresses, other markup, and ids where there were none.
    if (night === 12) house.bank.scenario().bank.portal.layout = 'v2';
    // oxlint-disable-next-line no-await-in-loop -- one night after the other
    expect([night, await house.unattended()]).toEqual([night, 'SUCCEEDED']);
  }
  expect(await house.ours()).toEqual(house.theirs());
  expect(house.messages()).toHaveLength(1);

  house.clock.advance(70 * millisecondsPerDay);
  expect(await house.unattended()).toBe('ACTION_REQUIRED');
  expect(house.messages()).toHaveLength(1);
});
