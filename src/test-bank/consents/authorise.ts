import { addDays, dateIn } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import { failureEffect } from '../faults/failure-logins.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import { drawHex } from '../ledger/random.ts';
import type { AccountType, Person, ScenarioAccount } from '../scenario/schema.ts';
import { noGrant, type AccountReference, type Authorisation, type Consent, type Grant } from './consent.ts';

const paymentTypes: ReadonlySet<AccountType> = new Set(['checking', 'card']);

/** The accounts of a person that can be shared, on this day: payment accounts and cards, and spaces where a bank has them. */
export function eligibleAccounts(bank: Bank, personId: string, login: string | null): readonly ScenarioAccount[] {
  const effect = failureEffect(login);
  if (effect?.at === 'accounts' && effect.outcome === 'none') return [];
  const { cards } = bank.scenario().bank.switches;
  return bank
    .ledger()
    .accounts.filter(
      (account) =>
        account.owners.includes(personId) &&
        (paymentTypes.has(account.type) || isSpace(bank, account)) &&
        (cards !== 'none' || account.type !== 'card'),
    );
}

/** A savings account without a number: nothing but a global consent can mean it. */
function isSpace(bank: Bank, { type }: ScenarioAccount): boolean {
  return type === 'savings' && bank.scenario().bank.switches.accountNumbers === 'spaces';
}

/** What the person is asked to share: chosen by him for a bank-offered consent, fixed by the request otherwise. */
export function grantOf(bank: Bank, consent: Consent, person: Person, login: string, chosen: readonly string[]): Grant {
  const grant = wholeGrant(bank, consent, person, login, chosen);
  if (bank.scenario().bank.switches.grantedAccounts === 'as-asked') return grant;
  const [first] = grant.accounts;
  const only = (ids: readonly string[]) => ids.filter((id) => id === first);
  return {
    accounts: only(grant.accounts),
    balances: only(grant.balances),
    transactions: only(grant.transactions),
  };
}

function wholeGrant(bank: Bank, consent: Consent, person: Person, login: string, chosen: readonly string[]): Grant {
  const eligible = eligibleAccounts(bank, person.id, login).filter(
    (account) => consent.model === 'global' || !isSpace(bank, account),
  );
  const ids = eligible.map((account) => account.id);
  const named = (references: readonly AccountReference[] | undefined) =>
    eligible
      .filter((account) => references?.some((reference) => refersTo(bank, reference, account)))
      .map(({ id }) => id);
  const effect = failureEffect(login);
  const isListOnly = consent.model === 'list-only' || (effect?.at === 'consent' && effect.outcome === 'list-only');
  const { access } = consent;
  if (consent.model === 'detailed') {
    const balances = named(access.balances);
    const transactions = named(access.transactions);
    const accounts = ids.filter(
      (id) => named(access.accounts).includes(id) || balances.includes(id) || transactions.includes(id),
    );
    return isListOnly ? { ...noGrant, accounts } : { accounts, balances, transactions };
  }
  const accounts = consent.model === 'bank-offered' ? ids.filter((id) => chosen.includes(id)) : ids;
  if (isListOnly) return { ...noGrant, accounts, balances: access.availableAccountsWithBalance ? accounts : [] };
  return { accounts, balances: accounts, transactions: accounts };
}

function refersTo(bank: Bank, reference: AccountReference, account: ScenarioAccount): boolean {
  const { multicurrency } = bank.scenario().bank.switches;
  const meansAny =
    reference.currency === undefined || (multicurrency === 'aggregation' && reference.currency === 'XXX');
  if (!meansAny && reference.currency !== account.currency) return false;
  if (reference.iban !== undefined) return reference.iban.replace(/\s/g, '') === ibanOf(bank.scenario(), account);
  return reference.maskedPan !== undefined && reference.maskedPan === maskedPanOf(bank.scenario(), account);
}

/** The person approved: the consent becomes valid, and older ones end where the profile says so. */
export function approve(
  bank: Bank,
  consent: Consent,
  authorisation: Authorisation,
  person: Person,
  login: string,
  grant: Grant,
  scaStatus: 'finalised' | 'exempted' = 'finalised',
): Consent {
  const { scaApproach, switches } = bank.scenario().bank;
  const isConfirmed = authorisation.scaStatus === 'unconfirmed' || consent.isReturnToOauth;
  if (switches.confirmation === 'code' && scaApproach === 'redirect' && !isConfirmed) {
    const unconfirmed = withAuthorisation(consent, authorisation, { scaStatus: 'unconfirmed' });
    return bank.consents.save({ ...unconfirmed, login, personId: person.id, grant });
  }
  const now = bank.clock.now();
  if (switches.olderConsents === 'ended' && consent.recurring) endOlder(bank, consent, login);
  const effect = failureEffect(login);
  const isShort = effect?.at === 'consent' && effect.outcome === 'short';
  return bank.consents.save({
    ...withAuthorisation(consent, authorisation, { scaStatus }),
    status: 'valid',
    authorisedAt: now.getTime(),
    login,
    personId: person.id,
    grant,
    validUntil: isShort ? addDays(dateIn(bank.scenario().bank.timeZone, now), 1) : consent.validUntil,
  });
}

/** The third party is known by the address to which it takes people back. */
function endOlder(bank: Bank, consent: Consent, login: string): void {
  const partyOf = ({ redirectUri }: Consent) => (redirectUri === null ? null : new URL(redirectUri).origin);
  for (const older of bank.consents.all()) {
    const isSame = older.login === login && older.recurring && partyOf(older) === partyOf(consent);
    if (isSame && older.status === 'valid') bank.consents.save({ ...older, status: 'expired' });
  }
}

/** The person or the bank refused. */
export function reject(bank: Bank, consent: Consent, authorisation: Authorisation): Consent {
  return bank.consents.save({
    ...withAuthorisation(consent, authorisation, { scaStatus: 'failed' }),
    status: 'rejected',
  });
}

/** The consent with one of its authorisations changed; not yet saved. */
export function withAuthorisation(
  consent: Consent,
  { id }: Authorisation,
  change: Partial<Omit<Authorisation, 'id'>>,
): Consent {
  return {
    ...consent,
    authorisations: consent.authorisations.map((candidate) =>
      candidate.id === id ? { ...candidate, ...change } : candidate,
    ),
  };
}

/** What the third party must hand back where the bank wants the return of the browser confirmed. */
export function confirmationCodeOf({ id }: Authorisation): string {
  return drawHex(`${id}|confirmation`, 24);
}
