import type { z } from 'zod';
import { fromMinorUnits, toMinorUnits } from '../../kernel/money.ts';
import type { readTransactions } from './questions.ts';

type ReadTransaction = z.infer<typeof readTransactions.shape>['transactions']['nodes'][number];

export interface Spending {
  readonly category: string;
  readonly count: number;
  /** Positive: what was spent. */
  readonly amount: string;
  readonly currency: string;
}

/** Moves between one's own accounts are not spending. */
const notSpending = new Set(['INTERNAL_TRANSFER', 'SAVINGS_INVESTMENT']);

/** What was spent in each primary category and currency, largest first; summed in minor units. */
export function spendingByCategory(transactions: readonly ReadTransaction[]): Spending[] {
  const sums = new Map<string, { category: string; currency: string; count: number; units: bigint }>();
  for (const { amount, category, status } of transactions) {
    const primary = category.parent ?? category;
    const units = toMinorUnits(amount.amount, amount.currency) ?? 0n;
    if (units >= 0n || status === 'VOID' || notSpending.has(primary.key)) continue;
    const key = `${primary.key} ${amount.currency}`;
    const sum = sums.get(key) ?? { category: primary.label, currency: amount.currency, count: 0, units: 0n };
    sums.set(key, { ...sum, count: sum.count + 1, units: sum.units - units });
  }
  return [...sums.values()]
    .toSorted((left, right) => Number(right.units - left.units))
    .map(({ category, count, units, currency }) => ({
      category,
      count,
      amount: fromMinorUnits(units, currency),
      currency,
    }));
}
