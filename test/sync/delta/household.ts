import { asc, eq } from 'drizzle-orm';
import { channelDefinitions, syncSteps, transactions } from '../../../src/store/schema/tables.ts';
import { household, scenarioWith } from '../months/household.ts';

type Given = Parameters<typeof scenarioWith>[0];

/** Purchases every other day, one of them pending for a day. */
export const purchases = [
  {
    id: 'shop',
    every: { days: 2 },
    kind: 'card',
    amount: { min: '-80.00', max: '-10.00' },
    text: 'CARTE EPICERIE {n}',
  },
  { id: 'cafe', every: { days: 5 }, kind: 'card', amount: '-2.40', pending: { days: 1 }, text: 'CARTE CAFE {ddmm}' },
];

/** Dated 2 January, entered by the bank on 22 January. */
export const late = {
  id: 'late',
  on: '2026-01-02',
  kind: 'fee',
  amount: '-8.00',
  lateDays: 20,
  text: 'COTISATION CARTE',
};

/** One account at a bank that is asked after an entry, linked on 5 January; and what was asked of it. */
export async function deltaHousehold(
  bank: Omit<Given, 'accounts'> & {
    readonly rules?: readonly object[];
    readonly quirks?: Record<string, unknown>;
  } = {},
) {
  const { rules = [...purchases, late], quirks = { delta: 'entry-reference' }, ...given } = bank;
  const scenario = (changed: readonly object[]): Given => ({
    ...given,
    accounts: [{ id: 'current', transactions: changed.map((rule) => ({ ...rule })) }],
  });
  const home = await household(scenario(rules));
  const { db } = home.context.database;
  await db.update(channelDefinitions).set({ quirks }).where(eq(channelDefinitions.dialect, 'berlin-group'));
  let seen = 0;
  return {
    ...home,
    replaceRules: (changed: readonly object[]) => home.change(scenario(changed)),
    /** The questions for transactions since the last look, further pages left out: status, and by what was asked. */
    asked(): string[] {
      const calls = home.bank.calls.after(seen);
      seen = calls.at(-1)?.sequence ?? seen;
      return calls.flatMap(({ path, query, status }) => {
        const parameters = new URLSearchParams(query);
        if (!path.endsWith('/transactions') || parameters.has('page')) return [];
        return [`${status} ${parameters.has('entryReferenceFrom') ? 'after an entry' : 'by days'}`];
      });
    },
    /** What is said of the account that was read last; null when all is well. */
    async remark() {
      const steps = await db
        .select()
        .from(syncSteps)
        .where(eq(syncSteps.kind, 'READ_ACCOUNT'))
        .orderBy(asc(syncSteps.finishedAt));
      return steps.at(-1)?.failure?.code ?? null;
    },
    versions: () => home.context.database.sql`select id, xmin::text as version from transactions order by id`,
    bookedRows: async () => (await db.select().from(transactions)).filter(({ status }) => status === 'BOOKED'),
    async days(count: number) {
      for (let day = 0; day < count; day += 1) {
        home.nextDay();
        // oxlint-disable-next-line no-await-in-loop -- one day after the other
        await home.sync();
      }
    },
  };
}
