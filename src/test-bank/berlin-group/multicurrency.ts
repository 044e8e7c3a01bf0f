import type { Bank } from '../bank.ts';
import { ibanOf } from '../ledger/identity.ts';
import { joinedBook, singleBook, type ReportedBook } from '../ledger/joined-book.ts';
import type { ScenarioAccount } from '../scenario/schema.ts';

/** What the standard writes as the currency of an account that joins several (Implementation Guidelines 4.5). */
export const severalCurrencies = 'XXX';

/** No id of a scenario has this sign. */
const aggregateMark = '|';

/**
 * The accounts as the bank lists them: where it aggregates, those in several currencies under one IBAN are one, at the
 * place of the first.
 */
export function listedAccounts(bank: Bank, accounts: readonly ScenarioAccount[]): readonly ScenarioAccount[] {
  const scenario = bank.scenario();
  if (scenario.bank.switches.multicurrency !== 'aggregation') return accounts;
  const numberOf = (account: ScenarioAccount) => (account.type === 'card' ? null : ibanOf(scenario, account));
  const byNumber = Map.groupBy(accounts, numberOf);
  return accounts.flatMap((account) => {
    const iban = numberOf(account);
    const joined = iban === null ? [] : (byNumber.get(iban) ?? []);
    if (iban === null || joined.length < 2) return [account];
    return joined[0] === account ? [aggregateOf(account, iban)] : [];
  });
}

function aggregateOf(first: ScenarioAccount, iban: string): ScenarioAccount {
  return { ...first, id: `${aggregateMark}${iban}`, iban, currency: severalCurrencies, transactions: [] };
}

/** Whether an account as listed joins several of the scenario. */
export function isAggregate({ id }: ScenarioAccount): boolean {
  return id.startsWith(aggregateMark);
}

/** The accounts of the scenario that a listed one stands for and that are granted, by their ids. */
export function partsOf(bank: Bank, listed: ScenarioAccount, granted: readonly string[]): readonly ScenarioAccount[] {
  const scenario = bank.scenario();
  return bank
    .ledger()
    .accounts.filter(
      (account) =>
        granted.includes(account.id) &&
        (isAggregate(listed)
          ? account.type !== 'card' && ibanOf(scenario, account) === listed.iban
          : account.id === listed.id),
    );
}

/** The books of a listed account as far as they are granted; null when none of them is. */
export function bookOf(bank: Bank, listed: ScenarioAccount, granted: readonly string[]): ReportedBook | null {
  const ledger = bank.ledger();
  const parts = partsOf(bank, listed, granted).flatMap(({ id }) => ledger.account(id) ?? []);
  if (isAggregate(listed)) {
    return parts.length === 0 ? null : joinedBook(listed, parts, bank.scenario().epoch, ledger.day);
  }
  const [book] = parts;
  return book ? singleBook(book) : null;
}
