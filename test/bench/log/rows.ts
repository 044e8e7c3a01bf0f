import type { CreatedTransaction } from '../../../src/domain/change-set.ts';

/** New entries as a bank would show them. */
export function createdTransactions(count: number): CreatedTransaction[] {
  return Array.from({ length: count }, (_, index) => ({
    datedOn: '2026-03-01',
    category: { key: 'GROCERIES_SUPERMARKET', source: 'MODEL' },
    bank: {
      status: 'BOOKED',
      type: 'POINT_OF_SALE',
      money: { amount: `-${10 + (index % 90)}.50`, currency: 'EUR' },
      original: null,
      exchangeRate: null,
      bookedOn: '2026-03-01',
      valueOn: '2026-03-01',
      transactedOn: '2026-02-28',
      bankTransactionId: `2026-03-01-${index}`,
      entryReference: null,
      endToEndId: null,
      mandateId: null,
      creditorId: null,
      checkId: null,
      bankText: `CARTE 28/02 MERCHANT ${index} CB*1234`,
      label: `Merchant ${index}`,
      counterpartyName: null,
      counterpartyIban: null,
      merchantCategoryCode: '5411',
      bankTransactionCode: 'PMNT-CCRD-POSD',
    },
  }));
}
