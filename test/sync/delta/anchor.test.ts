import { expect, test } from 'vitest';
import type { AnswerRemark, DeltaAnchor } from '../../../src/connectors/connector.ts';
import { requestSync } from '../../../src/actions/request-sync.ts';
import { createRegistry } from '../../../src/connectors/registry.ts';
import type { BankTransaction } from '../../../src/domain/bank-snapshot.ts';
import { syncSteps } from '../../../src/store/schema/tables.ts';
import { listSpentCalls } from '../../../src/store/unattended-calls.ts';
import { chooseAnchor } from '../../../src/sync/delta-anchor.ts';
import { runSync } from '../../../src/sync/run-sync.ts';
import { activeConsent, bankTransaction } from '../../support/fake-connector.ts';
import { linkedBank } from '../../support/linked-bank.ts';

type AfterAnchor = (anchor: DeltaAnchor) => readonly BankTransaction[] | 'ANCHOR_REFUSED';

/** A bank in memory that is asked after an entry; what it answers then, a test says. */
async function deltaBank(first: readonly BankTransaction[]) {
  const world = await linkedBank();
  const { context, bank, scope, connection, database } = world;
  bank.pageSize = 4_000;
  bank.transactions = { 'bank-account-1': [...first] };
  const inner = context.connectors.get('fake')!;
  const asked: (string | null)[] = [];
  let remarksAfter: readonly AnswerRemark[] = [];
  let after: AfterAnchor = () => bank.transactions['bank-account-1'] ?? [];
  const connectors = createRegistry([
    {
      ...inner,
      offersDelta: () => true,
      async *readTransactions(call, session, account, window) {
        asked.push(window.anchor?.entryReference ?? null);
        if (!window.anchor) return yield* inner.readTransactions(call, session, account, window);
        const answer = after(window.anchor);
        if (answer === 'ANCHOR_REFUSED') return answer;
        for (let start = 0; start < answer.length; start += bank.pageSize)
          yield answer.slice(start, start + bank.pageSize);
        return new Set(remarksAfter);
      },
    },
  ]);
  return {
    ...world,
    asked,
    answerAfter(next: AfterAnchor, ...remarks: AnswerRemark[]) {
      after = next;
      remarksAfter = remarks;
    },
    async sync(psu: { ipAddress: string } | null = { ipAddress: '192.0.2.1' }) {
      asked.length = 0;
      const input = { connectionId: connection.id, type: 'ALL', trigger: 'ON_DEMAND', psu } as const;
      const { syncId } = await requestSync(context, scope, input);
      return runSync({ ...context, connectors }, scope, syncId, new AbortController().signal);
    },
    rows: () =>
      database.sql<{ id: string; version: string; status: string; day: string; reference: string }[]>`
        select id, xmin::text as version, status, dated_on::text as day, entry_reference as reference
        from transactions order by dated_on, id`,
    spent: async () =>
      (await listSpentCalls(scope, database.db, connection.channelId))
        .filter(({ group }) => group.startsWith('transactions:'))
        .flatMap(({ calledAt }) => calledAt).length,
  };
}

const on = (bookedOn: string, entryReference: string | null, over: Partial<BankTransaction> = {}) =>
  bankTransaction({ bookedOn, entryReference, bankText: `SHOP ${entryReference} ${bookedOn}`, ...over });
const history = [on('2026-01-10', 'a'), on('2026-02-01', 'b'), on('2026-02-25', 'c'), on('2026-03-01', 'd')];

test('the anchor is the newest entry before the window whose reference no other has', async () => {
  const world = await deltaBank([...history, on('2026-02-10', 'twin'), on('2026-02-03', 'twin')]);
  await world.sync();
  expect(world.asked).toEqual([null]);
  await world.sync();
  expect(world.asked).toEqual(['b']);
});

test('what was seen before the window goes before what may have been dated back', () => {
  const [early, late] = [new Date('2026-02-18T22:59:00Z'), new Date('2026-02-18T23:01:00Z')];
  const candidate = (entryReference: string, createdAt: Date) => ({ entryReference, createdAt });
  const choose = (...candidates: Parameters<typeof chooseAnchor>[0]) =>
    chooseAnchor(candidates, '2026-02-19', 'Europe/Paris')?.entryReference ?? null;
  expect(choose(candidate('new', late), candidate('old', early))).toBe('old');
  expect(choose(candidate('new', late), candidate('newer', late))).toBe('new');
  expect(choose()).toBeNull();
});

test('a bank that answers with all it has comes to the same, and what is older than the first day read stays away', async () => {
  const world = await deltaBank(history);
  await world.sync();
  const before = await world.rows();
  expect(await world.sync()).toBe('SUCCEEDED');
  expect(world.asked).toEqual(['b']);
  expect(await world.rows()).toEqual(before);
});

test('entries that cannot be used make nothing void, whichever answer has them, and the step tells of either', async () => {
  const market = on('2026-02-27', 'e');
  const world = await deltaBank([...history, market]);
  await world.sync();
  const before = await world.rows();
  const [, , rent, shop] = history as [BankTransaction, BankTransaction, BankTransaction, BankTransaction];
  const failures = async () =>
    (await world.database.db.select().from(syncSteps)).flatMap(({ failure }) => failure?.code ?? []);
  const sync = async () => {
    await world.database.db.delete(syncSteps);
    expect(await world.sync()).toBe('SUCCEEDED');
    return { asked: [...world.asked], failures: await failures(), isSame: isSame(await world.rows()) };
  };
  const isSame = (rows: typeof before) => JSON.stringify(rows) === JSON.stringify(before);
  world.answerAfter(() => [rent, market, shop], 'BOOKED_UNUSABLE');
  expect(await sync()).toEqual({ asked: ['b'], failures: ['DATA_INCONSISTENT'], isSame: true });
  world.answerAfter(() => [rent, shop], 'BOOKED_UNUSABLE');
  expect(await sync()).toEqual({ asked: ['b', null], failures: ['DATA_INCONSISTENT'], isSame: true });
  world.answerAfter(() => [rent, shop]);
  world.bank.isGarbled = (one) => one === market;
  expect(await sync()).toEqual({ asked: ['b', null], failures: ['DATA_INCONSISTENT'], isSame: true });
  world.bank.transactions = { 'bank-account-1': [...history] };
  expect(await sync()).toEqual({ asked: ['b', null], failures: [], isSame: false });
});

test('alone, each question is spent, and with calls for one only the bank is asked by days', async () => {
  const world = await deltaBank(history);
  await world.sync();
  world.answerAfter(() => 'ANCHOR_REFUSED');
  const before = await world.rows();
  expect(await world.sync(null)).toBe('SUCCEEDED');
  expect(world.asked).toEqual(['b', null]);
  expect(await world.spent()).toBe(2);
  expect(await world.sync(null)).toBe('SUCCEEDED');
  expect(world.asked).toEqual(['b', null]);
  expect(await world.spent()).toBe(4);
  world.clock.advance(24 * 3_600_000 + 1);
  world.bank.consent = Object.assign({}, activeConsent, { frequencyPerDay: 1 });
  expect(await world.sync(null)).toBe('SUCCEEDED');
  expect(world.asked).toEqual([null]);
  expect((await world.rows()).map(({ id, status }) => [id, status])).toEqual(
    before.map(({ id, status }) => [id, status]),
  );
});

test(
  'an answer too large to be held adds as well, and what is missing from it is asked for by days',
  { timeout: 120_000 },
  async () => {
    const many = Array.from({ length: 11_000 }, (_, index) =>
      on(`2026-02-${String(21 + (index % 8)).padStart(2, '0')}`, `m${index}`),
    );
    const world = await deltaBank([...history, ...many]);
    await world.sync();
    const before = await world.rows();
    const late = on('2026-01-05', 'late');
    world.answerAfter(() => [late, ...history.slice(2), ...many]);
    expect(await world.sync()).toBe('SUCCEEDED');
    expect(world.asked).toEqual(['b']);
    const added = await world.rows();
    expect(added.filter(({ id }) => !before.some((row) => row.id === id))).toMatchObject([{ reference: 'late' }]);
    expect(added.filter(({ reference }) => reference !== 'late')).toEqual(before);

    // Of the oldest day that is shown nothing is void, for it may be cut: this one is of the next.
    const gone = many[1];
    const rest = many.toSpliced(1, 1);
    world.bank.transactions = { 'bank-account-1': [...history, ...rest] };
    world.answerAfter(() => [late, ...history.slice(2), ...rest]);
    expect(await world.sync()).toBe('SUCCEEDED');
    expect(world.asked).toEqual(['b', null]);
    const after = await world.rows();
    expect(after.filter(({ status }) => status === 'VOID')).toMatchObject([{ reference: gone!.entryReference }]);
    expect(after).toHaveLength(added.length);
    expect(await world.database.sql`select from spooled_entries`).toHaveLength(0);
  },
);
