import { addDays } from '../../kernel/calendar-date.ts';
import { fromMinorUnits, toMinorUnits, type Money } from '../../kernel/money.ts';
import type { Bank } from '../bank.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import { drawDigits } from '../ledger/random.ts';
import type { AccountType, ScenarioAccount } from '../scenario/schema.ts';
import type { PortalEffect } from './failures.ts';

export const accountSections = ['checking', 'card', 'savings', 'loan', 'unknown'] as const;
export type AccountSection = (typeof accountSections)[number];

/** An account as the portal lists it, before it is written in a layout. */
export interface ListedAccount {
  readonly account: ScenarioAccount;
  readonly section: AccountSection;
  readonly kind: AccountType | 'unknown';
  /** IBAN in groups of four, masked card number, or the number of a contract. */
  readonly number: string;
  readonly balance: Money;
  readonly comingBalance: Money;
  readonly isClosed: boolean;
}

const sectionOf: Readonly<Record<AccountType, AccountSection>> = {
  checking: 'checking',
  card: 'card',
  savings: 'savings',
  'life-insurance': 'savings',
  securities: 'savings',
  loan: 'loan',
};

const driftUnits = 1000n;

/** The accounts of a person today, in the order of the scenario. A portal shows every type. */
export function listedAccounts(bank: Bank, personId: string, effect: PortalEffect | null): ListedAccount[] {
  const outcome = effect?.at === 'accounts' || effect?.at === 'statement' ? effect.outcome : null;
  if (outcome === 'none') return [];
  const ledger = bank.ledger();
  return ledger.accounts
    .filter((account) => account.owners.includes(personId))
    .flatMap((account) => {
      const book = ledger.account(account.id);
      if (!book) return [];
      const isUnknown = outcome === 'unsupported';
      const shift = outcome === 'drift' ? driftUnits : 0n;
      return [
        {
          account,
          section: isUnknown ? 'unknown' : sectionOf[account.type],
          kind: isUnknown ? 'unknown' : account.type,
          number: numberOf(bank, account),
          balance: shifted(book.bookedBalance, shift),
          comingBalance: shifted(book.expectedBalance, shift),
          isClosed: outcome === 'closed',
        },
      ];
    });
}

function shifted({ amount, currency }: Money, units: bigint): Money {
  return { amount: fromMinorUnits((toMinorUnits(amount, currency) ?? 0n) + units, currency), currency };
}

/** Loans, insurances and securities have a number of eleven digits; only payment and savings accounts show an IBAN. */
function numberOf(bank: Bank, account: ScenarioAccount): string {
  const scenario = bank.scenario();
  if (account.type === 'card') return maskedPanOf(scenario, account) ?? '';
  if (account.type === 'checking' || account.type === 'savings') {
    return ibanOf(scenario, account)?.replace(/(.{4})(?=.)/g, '$1 ') ?? '';
  }
  return drawDigits(`${scenario.seed}|${account.id}|contract`, 11);
}

/** The first day that a statement shows. */
export function historyStart(bank: Bank, days: number): string {
  return addDays(bank.ledger().day, -Math.min(days, bank.scenario().bank.historyDays));
}
