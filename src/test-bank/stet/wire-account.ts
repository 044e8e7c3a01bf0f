import { addDays, type CalendarDate } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import { drawHex } from '../ledger/random.ts';
import { monthlyDays } from '../ledger/schedule.ts';
import type { ScenarioAccount } from '../scenario/schema.ts';
import type { StetUse } from './access.ts';
import { halLinks } from './links.ts';

const shownTypes = new Set(['checking', 'card']);

/** The id of an account in addresses: at most 35 characters are allowed, so not a UUID. */
export function stetResourceId(bank: Bank, accountId: string, consentId: string): string {
  const { seed, bank: profile } = bank.scenario();
  const perConsent = profile.switches.resourceIds === 'per-consent' ? consentId : '';
  return drawHex(`${seed}|stet-resource|${accountId}|${perConsent}`, 32);
}

/** The accounts that the access shows: payment accounts and cards. A closed account is not shown at all. */
export function stetAccounts(bank: Bank, { grant, effect }: StetUse): readonly ScenarioAccount[] {
  if (effect?.at === 'accounts' && effect.outcome === 'closed') return [];
  const hasCards = bank.scenario().bank.switches.cards !== 'none';
  return bank
    .ledger()
    .accounts.filter(
      ({ id, type }) => grant.accounts.includes(id) && shownTypes.has(type) && (hasCards || type !== 'card'),
    );
}

/** AccountResource: a payment account as CACC, a card as CARD that is linked to the account on which it is settled. */
export function wireStetAccount(bank: Bank, { consent, grant }: StetUse, account: ScenarioAccount): object {
  const scenario = bank.scenario();
  const resourceId = stetResourceId(bank, account.id, consent.id);
  const path = `/accounts/${resourceId}`;
  const isCard = account.type === 'card';
  const payer = account.deferredDebit?.account;
  const isShared = account.owners.length > 1;
  return {
    resourceId,
    bicFi: scenario.bank.bic,
    accountId: { ...identificationOf(bank, account), currency: account.currency },
    name: isCard ? cardName(bank, account) : account.name,
    ...(account.product === undefined ? {} : { details: account.name, product: account.product }),
    ...(payer === undefined ? {} : { linkedAccount: stetResourceId(bank, payer, consent.id) }),
    usage: account.usage === 'professional' ? 'ORGA' : 'PRIV',
    cashAccountType: isCard ? 'CARD' : 'CACC',
    currency: account.currency,
    psuStatus: isShared ? 'Co-account Holder' : 'Account Holder',
    _links: halLinks({
      ...(grant.balances.includes(account.id) ? { balances: `${path}/balances` } : {}),
      ...(grant.transactions.includes(account.id) ? { transactions: `${path}/transactions` } : {}),
    }),
  };
}

function identificationOf(bank: Bank, account: ScenarioAccount): object {
  const iban = ibanOf(bank.scenario(), account);
  if (iban !== null) return { iban };
  const identification = maskedPanOf(bank.scenario(), account) ?? account.id;
  return { other: { identification, schemeName: 'CPAN', issuer: bank.scenario().bank.bic } };
}

/** Holder and the day on which the card is settled, as French banks name a set of deferred-debit entries. */
function cardName(bank: Bank, account: ScenarioAccount): string {
  const holder = bank.scenario().people.find(({ id }) => id === account.owners[0])?.name ?? account.name;
  const day = settlementDay(bank.ledger().day, account);
  return day === null ? account.name : `${holder.toUpperCase()} ${frenchDay(day)}`.slice(0, 70);
}

/** The next day on which a card is settled; null for a card without deferred debit. */
export function settlementDay(today: CalendarDate, account: ScenarioAccount): CalendarDate | null {
  if (!account.deferredDebit) return null;
  return monthlyDays(account.deferredDebit.day, today, addDays(today, 70)).next().value ?? null;
}

export function frenchDay(day: CalendarDate): string {
  return day.split('-').toReversed().join('/');
}
