import { Failure } from '../../src/domain/failure.ts';

/** What a connector may spend on asking again: so many calls, and how many it has spent. */
export function oneMoreCall(left: number) {
  const ledger = {
    spent: 0,
    spendAgain: async (): Promise<void> => {
      if (ledger.spent === left) throw new Failure('SYNC_BUDGET_EXHAUSTED');
      ledger.spent += 1;
    },
  };
  return ledger;
}
