import type { Bank } from '../bank.ts';
import type { ConsentUse } from '../consents/use-consent.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import { drawUuid } from '../ledger/random.ts';
import type { AccountType, ScenarioAccount } from '../scenario/schema.ts';
import { dataLinks } from './links.ts';
import { bookOf, listedAccounts, partsOf } from './multicurrency.ts';
import { wireAmount } from './wire-amount.ts';
import { wireBalances } from './wire-balance.ts';

/** ISO 20022 ExternalCashAccountType1Code. */
const cashAccountTypes: Readonly<Record<AccountType, string>> = {
  checking: 'CACC',
  savings: 'SVGS',
  card: 'CARD',
  loan: 'LOAN',
  'life-insurance': 'OTHR',
  securities: 'OTHR',
};

export type AccountList = 'accounts' | 'card-accounts';

/** The id of an account in addresses. */
export function resourceIdOf(bank: Bank, account: ScenarioAccount, consentId: string): string {
  const { seed, bank: profile } = bank.scenario();
  const perConsent = profile.switches.resourceIds === 'per-consent' ? consentId : '';
  return drawUuid(`${seed}|resource|${account.id}|${perConsent}`);
}

/** The accounts that a consent shows on a list. */
export function accountsOf(bank: Bank, { consent }: ConsentUse, list: AccountList): readonly ScenarioAccount[] {
  const { cards } = bank.scenario().bank.switches;
  const granted = bank
    .ledger()
    .accounts.filter((account) => consent.grant.accounts.includes(account.id))
    .filter((account) => {
      if (account.type !== 'card') return list === 'accounts';
      return cards === 'none' ? false : (cards === 'accounts') === (list === 'accounts');
    });
  return listedAccounts(bank, granted);
}

/** accountDetails or cardAccountDetails (Implementation Guidelines 14.20, 14.23). */
export function wireAccount(
  bank: Bank,
  use: ConsentUse,
  account: ScenarioAccount,
  list: AccountList,
  origin: string,
  withBalance: boolean,
): object {
  const scenario = bank.scenario();
  const { switches } = scenario.bank;
  const { consent, effect } = use;
  const resourceId = resourceIdOf(bank, account, consent.id);
  const iban = ibanOf(scenario, account);
  const maskedPan = maskedPanOf(scenario, account);
  const owner = scenario.people.find((person) => person.id === account.owners[0]);
  const showsOwner =
    switches.ownerNames === 'as-asked' &&
    [consent.access.allPsd2, consent.access.availableAccounts, consent.access.availableAccountsWithBalance].includes(
      'allAccountsWithOwnerName',
    );
  const book = withBalance ? bookOf(bank, account, consent.grant.balances) : null;
  const isClosed = effect?.at === 'accounts' && effect.outcome === 'closed';
  const path = `/${list}/${resourceId}`;
  const linkPaths = {
    ...(partsOf(bank, account, consent.grant.balances).length > 0 ? { balances: `${path}/balances` } : {}),
    ...(partsOf(bank, account, consent.grant.transactions).length > 0 ? { transactions: `${path}/transactions` } : {}),
  };
  const _links = dataLinks(switches.links, origin, linkPaths);
  return {
    resourceId,
    ...(list === 'accounts'
      ? { ...numbersOf(bank, account), ...(iban === null ? {} : { bic: scenario.bank.bic }) }
      : {}),
    ...(list === 'card-accounts' ? { maskedPan: maskedPan ?? '' } : {}),
    currency: account.currency,
    name: account.name,
    ...(account.product === undefined ? {} : { product: account.product }),
    ...(list === 'accounts' ? { cashAccountType: cashAccountTypes[account.type] } : {}),
    status: isClosed ? 'deleted' : 'enabled',
    usage: account.usage === 'professional' ? 'ORGA' : 'PRIV',
    ...(list === 'accounts' && account.type === 'card' ? { details: `Card ${maskedPan ?? ''}` } : {}),
    ...(list === 'card-accounts' && switches.sign === 'debit-accounting' ? { debitAccounting: true } : {}),
    ...(list === 'card-accounts' && account.creditLimit !== undefined
      ? { creditLimit: wireAmount({ amount: String(account.creditLimit), currency: account.currency }, switches, 0) }
      : {}),
    ...(showsOwner && owner ? { ownerName: owner.name } : {}),
    ...(showsOwner && owner && list === 'accounts' ? { ownerNames: [{ name: owner.name, role: 'owner' }] } : {}),
    ...(book ? { balances: wireBalances(book, bank.ledger().day, switches, effect) } : {}),
    ...(_links ? { _links } : {}),
  };
}

/** accountReference: what an answer about one account begins with. */
export function wireReference(bank: Bank, account: ScenarioAccount): object {
  const maskedPan = maskedPanOf(bank.scenario(), account);
  return {
    ...(account.type === 'card' ? { maskedPan: maskedPan ?? '' } : numbersOf(bank, account)),
    currency: account.currency,
  };
}

/** The numbers of a payment account, in the bank's habit; none for a card. */
function numbersOf(bank: Bank, account: ScenarioAccount): object {
  const iban = ibanOf(bank.scenario(), account);
  if (iban === null) return {};
  const { accountNumbers } = bank.scenario().bank.switches;
  switch (accountNumbers) {
    case 'iban':
      return { iban };
    case 'spaces':
      return account.type === 'savings' ? {} : { iban };
    case 'masked-pan-in-iban':
      return { iban: `3752XXXXXXX${iban.slice(-4)}` };
    case 'bban':
      return { bban: iban.slice(4) };
    case 'none':
      return {};
    case 'dashed':
      return { iban: iban.match(/.{1,4}/g)?.join('-') ?? iban };
    default:
      return accountNumbers satisfies never;
  }
}
