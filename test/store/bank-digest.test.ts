import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/store/bank-digest.ts';
import type { BankTransaction } from '../../src/domain/bank-snapshot.ts';
import { bankTransaction } from '../support/fake-connector.ts';

const other: { [Field in keyof BankTransaction]-?: Partial<BankTransaction> } = {
  status: { status: 'PENDING' },
  money: { money: { amount: '-3.20', currency: 'CHF' } },
  original: { original: { amount: '-3.20', currency: 'USD' } },
  exchangeRate: { exchangeRate: '1.1' },
  bookedOn: { bookedOn: '2026-02-28' },
  valueOn: { valueOn: '2026-02-28' },
  transactedOn: { transactedOn: '2026-02-28' },
  bankTransactionId: { bankTransactionId: 'x' },
  entryReference: { entryReference: 'x' },
  endToEndId: { endToEndId: 'x' },
  mandateId: { mandateId: 'x' },
  creditorId: { creditorId: 'x' },
  checkId: { checkId: 'x' },
  bankText: { bankText: 'x' },
  label: { label: 'x' },
  counterpartyName: { counterpartyName: 'x' },
  counterpartyIban: { counterpartyIban: 'x' },
  merchantCategoryCode: { merchantCategoryCode: 'x' },
  bankTransactionCode: { bankTransactionCode: 'x' },
  type: { type: 'ATM' },
};

describe('the digest of an entry', () => {
  it.each(Object.entries(other))('is another one when its %s is', (_, over) => {
    expect(digestOf(bankTransaction())).toMatch(/^[0-9a-f]{32}$/);
    expect(digestOf(bankTransaction(over))).not.toBe(digestOf(bankTransaction()));
  });

  it('tells which field says it', () => {
    expect(digestOf(bankTransaction({ mandateId: 'x' }))).not.toBe(digestOf(bankTransaction({ creditorId: 'x' })));
  });

  it('is none while time may change the entry', () => {
    expect(digestOf(bankTransaction({ status: 'PENDING' }))).toBeNull();
    expect(digestOf(bankTransaction({ bookedOn: null }))).toBeNull();
  });
});
