import { expect, it } from 'vitest';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { addDays } from '../../src/kernel/calendar-date.ts';
import { bankTransaction } from '../support/fake-connector.ts';
import { linkedBank, type LinkedBank } from '../support/linked-bank.ts';

const count = 12_000;
const today = '2026-03-02';

/** Newest first, 1,200 a day: all of it within the overlap, in texts that are a category. */
const history = Array.from({ length: count }, (_, index) => {
  const on = addDays(today, -Math.floor(index / 1_200));
  return bankTransaction({
    bookedOn: on,
    valueOn: on,
    bankTransactionId: index % 7 === 0 ? null : `t${index}`,
    entryReference: index % 11 === 0 ? `r${index % 33}` : null,
    bankText: `CARTE CARREFOUR ${index}`,
    label: `Carrefour ${index}`,
    money: { amount: `-${1 + (index % 9)}.50`, currency: 'EUR' },
  });
});
const twin = bankTransaction({ bookedOn: addDays(today, -4), bankText: 'CARTE CARREFOUR TWIN' });
const pending = (over: Partial<BankTransaction>) =>
  bankTransaction({ status: 'PENDING', bookedOn: null, transactedOn: today, ...over });

const at = (index: number): BankTransaction => history[index] ?? twin;

const first = [
  ...history,
  twin,
  twin,
  twin,
  pending({ bankTransactionId: 'settles' }),
  pending({ bankText: 'WITHOUT A DATE', transactedOn: null }),
];
/** What a bank does to a history between two visits. */
const second = [
  ...history.slice(0, 2_000),
  // 2,000 has vanished; 2,001 is reworded, 2,002 has moved; 2,003 is issued again with another amount.
  { ...at(2_001), bankText: 'CARTE CARREFOUR WRITTEN OTHERWISE', label: 'Otherwise' },
  { ...at(2_002), bookedOn: addDays(at(2_002).bookedOn ?? today, 1) },
  { ...at(2_003), bankTransactionId: 'other', endToEndId: 'e', money: { amount: '-77.00', currency: 'EUR' } },
  ...history.slice(2_004),
  twin,
  twin,
  bankTransaction({ bookedOn: today, bankText: 'CARTE NEW' }),
  bankTransaction({ bookedOn: today, bankTransactionId: 'settles' }),
  // A copy of what is booked, and of what is booked in the same words as before.
  pending({ bankTransactionId: 'settles' }),
  pending({ bankTransactionId: 't1', money: at(1).money }),
  pending({ bankText: 'WITHOUT A DATE', transactedOn: null }),
];

/** The ledger, each row by its place in the first one; and how many rows have been written since. */
async function historyOf(world: LinkedBank, isWithDigests: boolean) {
  const { database, bank, clock, sync } = world;
  const { sql } = database;
  bank.pageSize = 4_000;
  bank.transactions = { 'bank-account-1': first };
  expect(await sync()).toMatchObject({ result: 'SUCCEEDED' });
  await sql`update transactions set label_source = 'USER', provider_label = label, label = 'Mine'
    where bank_transaction_id in ('t3', 't2001')`;
  await sql`update transactions set category_source = null, category_key = 'UNCATEGORISED'
    where bank_transaction_id in ('t4', 't5')`;
  await sql`update transactions set status = 'VOID', void_reason = 'BANK_CORRECTION' where bank_transaction_id = 't6'`;
  if (!isWithDigests) await sql`update transactions set bank_digest = null`;
  const before = await sql<{ id: string; place: string }[]>`
    select id, xmin::text || ctid::text as place from transactions order by dated_on, bank_text, bank_transaction_id, id`;
  const names = new Map(before.map(({ id }, index) => [id, index]));
  await sql.unsafe(`
    create table spooled (entries int not null);
    create function note_spooled() returns trigger language plpgsql as
      'begin insert into spooled values (new.count); return null; end';
    create trigger note after insert on spooled_entries for each row execute function note_spooled()`);
  bank.transactions = { 'bank-account-1': second };
  clock.advance(3_600_000);
  expect(await sync()).toMatchObject({ result: 'SUCCEEDED' });
  const rows = await sql<{ id: string; place: string; supersededBy: string | null; digest: string | null }[]>`
    select xmin::text || ctid::text as place, bank_digest as digest, superseded_by as "supersededBy", id, status, type, amount,
      currency, dated_on::text, booked_on::text, value_on::text, transacted_on::text, label, label_source, provider_label,
      bank_text, bank_transaction_id, entry_reference, end_to_end_id, category_key, category_source, void_reason, matched_on
    from transactions order by dated_on, bank_text, bank_transaction_id, status, id`;
  const places = new Map(before.map(({ id, place }) => [id, place]));
  const content = new Map(
    rows.map((row) => [row.id, { ...row, id: null, place: null, digest: null, supersededBy: null }]),
  );
  const [last] = await sql<{ counts: object }[]>`select counts from syncs order by requested_at desc limit 1`;
  const [spool] = await sql<{ entries: number }[]>`select sum(entries)::int as entries from spooled`;
  return {
    compared: spool?.entries,
    ledger: rows.map(({ id, supersededBy }) => ({
      ...content.get(id),
      was: names.get(id) ?? 'new',
      successor: supersededBy === null ? null : content.get(supersededBy),
    })),
    counts: last?.counts,
    written: rows.filter(({ id, place }) => places.get(id) !== place).length,
    withoutDigest: rows.filter(({ digest, ...row }) => digest === null && Reflect.get(row, 'status') === 'BOOKED')
      .length,
  };
}

it(
  'a large account that is known by its digests changes as one of which every row is compared',
  { timeout: 120_000 },
  async () => {
    const known = await historyOf(await linkedBank(), true);
    const compared = await historyOf(await linkedBank(), false);
    expect(known.ledger).toEqual(compared.ledger);
    expect(known.counts).toEqual(compared.counts);
    expect(known.written).toBe(compared.written);
    expect(known.withoutDigest).toBe(0);
    expect({ counts: known.counts, written: known.written, compared: known.compared }).toMatchInlineSnapshot(`
    {
      "compared": 8,
      "counts": {
        "created": 2,
        "unchanged": 11996,
        "updated": 6,
        "voided": 3,
      },
      "written": 11,
    }
  `);
    expect(compared.compared).toBe(second.filter(({ status }) => status === 'BOOKED').length);
  },
);
