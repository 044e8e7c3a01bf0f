import type { Context } from 'hono';
import type { Bank } from '../bank.ts';
import { confirmationCodeOf, eligibleAccounts, grantOf } from '../consents/authorise.ts';
import type { Consent } from '../consents/consent.ts';
import { ibanOf, maskedPanOf } from '../ledger/identity.ts';
import type { Person } from '../scenario/schema.ts';
import { frenchDate, frenchMoney } from './french-format.ts';
import type { SharedAccount } from './views.ts';
import type { Texts } from './texts.ts';

/** What the approval page asks: which accounts, what of them, until when. */
export function questionOf(bank: Bank, consent: Consent, person: Person, login: string, words: Texts) {
  const isChoice = consent.model === 'bank-offered';
  const eligible = eligibleAccounts(bank, person.id, login);
  const grant = grantOf(
    bank,
    consent,
    person,
    login,
    eligible.map(({ id }) => id),
  );
  const ledger = bank.ledger();
  const { thousands } = bank.scenario().bank.portal;
  const accounts = eligible
    .filter((account) => grant.accounts.includes(account.id))
    .map((account): SharedAccount => {
      const balance = ledger.account(account.id)?.bookedBalance;
      const iban = ibanOf(bank.scenario(), account);
      return {
        id: account.id,
        name: account.name,
        number: iban?.replace(/(.{4})(?=.)/g, '$1 ') ?? maskedPanOf(bank.scenario(), account) ?? '',
        balance: balance ? frenchMoney(balance, thousands) : '',
      };
    });
  const shares = [
    words.sharesList,
    ...(grant.balances.length > 0 ? [words.sharesBalances] : []),
    ...(grant.transactions.length > 0 ? [words.sharesTransactions] : []),
  ];
  return { accounts, isChoice, shares, validUntil: frenchDate(consent.validUntil) };
}

/** Where the browser goes when the person has decided (Implementation Guidelines 5.3: Nok falls back to the one address). */
export function returnAddress(consent: Consent): string {
  const unconfirmed = consent.authorisations.find(({ scaStatus }) => scaStatus === 'unconfirmed');
  if (unconfirmed && consent.redirectUri !== null) {
    const address = new URL(consent.redirectUri);
    address.searchParams.set('confirmationCode', confirmationCodeOf(unconfirmed));
    return address.href;
  }
  const address = consent.status === 'valid' ? consent.redirectUri : (consent.nokRedirectUri ?? consent.redirectUri);
  return address ?? '/';
}

/**
 * No frame, nothing from elsewhere, a script only with this answer's nonce. Browsers apply form-action to the redirect
 * that follows a form as well, so the third party's own address must be allowed.
 */
export function securityHeaders(context: Context, consent: Consent | null, nonce: string | null = null): void {
  const script = nonce === null ? '' : ` script-src 'nonce-${nonce}'; connect-src 'self';`;
  const targets = [consent?.redirectUri, consent?.nokRedirectUri].flatMap((address) =>
    address ? [new URL(address).origin] : [],
  );
  context.header(
    'content-security-policy',
    `default-src 'none'; style-src 'self';${script} base-uri 'none'; frame-ancestors 'none'; form-action ${["'self'", ...new Set(targets)].join(' ')}`,
  );
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'no-referrer');
  context.header('cache-control', 'no-store');
}
