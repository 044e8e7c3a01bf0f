import { describe, expect, test } from 'vitest';
import { openBank } from './linked-bank.ts';
import type { BankTransaction } from '../../../src/domain/bank-snapshot.ts';

/** What every format can tell of an entry. */
function told({ status, money, bookedOn, valueOn, label, counterpartyIban }: BankTransaction): string {
  const bare = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .slice(0, 27);
  return [status, money.amount, bookedOn, valueOn, bare(label), counterpartyIban].join(' ');
}

async function read(switches: object, quirks: object = {}) {
  const bank = await openBank({ switches: { ...switches }, quirks: { ...quirks } });
  const session = await bank.link('bruno', 'tributary2');
  const accounts = await bank.connector.listAccounts(bank.call(), session);
  bank.asked();
  const entries = await bank.transactions(session, accounts[0]!, 200);
  return { entries, asked: bank.asked() };
}

describe('reports', () => {
  test.each([
    ['camt.052', { report: 'camt-052' }, {}],
    ['camt.053', { report: 'camt-053' }, { pending: 'separately' }],
    ['MT940 and MT942', { report: 'mt940' }, { pending: 'separately' }],
    ['XML by choice', { report: 'negotiated' }, { reportFormat: 'xml' }],
    ['text by choice', { report: 'negotiated' }, { reportFormat: 'text' }],
  ])('in %s tell what JSON tells', async (_, switches, quirks) => {
    const json = await read({});
    const other = await read(switches, quirks);
    const booked = (entries: BankTransaction[]) => entries.filter(({ status }) => status === 'BOOKED').map(told);
    expect(booked(other.entries).length).toBeGreaterThan(100);
    expect(booked(other.entries).toSorted()).toEqual(booked(json.entries).toSorted());
  });

  test.each([
    ['camt.052', { report: 'camt-052' }, {}],
    ['MT942', { report: 'mt940' }, { pending: 'separately' }],
  ])('in %s have pending entries', async (_, switches, quirks) => {
    const amounts = (entries: BankTransaction[]) =>
      entries.filter(({ status }) => status === 'PENDING').map(({ money }) => money.amount);
    const json = amounts((await read({})).entries);
    expect(json.length).toBeGreaterThan(0);
    expect(amounts((await read(switches, quirks)).entries).toSorted()).toEqual(json.toSorted());
  });

  test('that are not written in the format asked for are asked for in another', async () => {
    const { entries, asked } = await read({ report: 'json' }, { reportFormat: 'text' });
    expect(entries.length).toBeGreaterThan(100);
    // Text and JSON for the first page, and again for each further one.
    expect(asked.length).toBe(2 * Math.ceil(asked.length / 2));
  });
});
