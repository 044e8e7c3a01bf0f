import { addDays } from '../../kernel/calendar-date.ts';
import type { Bank } from '../bank.ts';
import type { Consent } from '../consents/consent.ts';

/**
 * What a third party may ask for. `aisp` is STET's: the person's payment accounts. `AIS` is the pre-step of the Berlin
 * Group face: who the person is, before a consent exists. `AIS:<consentId>` authorises a consent of that face.
 */
export function isKnownScope(bank: Bank, scope: string): boolean {
  return scope === 'aisp' || scope === 'AIS' || consentNamedBy(bank, scope) !== null;
}

/** The consent behind `AIS:<consentId>`, if it may still be authorised or was. */
function consentNamedBy(bank: Bank, scope: string): Consent | null {
  const id = /^AIS:(.+)$/.exec(scope)?.[1];
  const consent = id === undefined ? null : bank.consents.find(id);
  return consent?.status === 'received' || consent?.status === 'valid' ? consent : null;
}

/** The consent that the person is asked to authorise: the one that is named, or a new one. Null when that is over. */
export function consentForScope(bank: Bank, scope: string): Consent | null {
  const named = consentNamedBy(bank, scope);
  if (named) return named.status === 'received' ? named : null;
  if (scope !== 'aisp' && scope !== 'AIS') return null;
  const { consentValidityDays, unattendedCallsPerDay } = bank.scenario().bank;
  return bank.consents.add({
    ...(scope === 'aisp'
      ? { model: 'global', access: { allPsd2: 'allAccounts' } }
      : { model: 'list-only', access: { availableAccounts: 'allAccounts' } }),
    recurring: true,
    frequencyPerDay: unattendedCallsPerDay,
    validUntil: addDays(bank.ledger().day, consentValidityDays),
    redirectUri: null,
    nokRedirectUri: null,
    startsAuthorisation: false,
  });
}

/** Seconds until the person must authenticate again: so long lives a family of refresh tokens. */
export function chainSeconds(bank: Bank, consentId: string | undefined): number {
  const { consentValidityDays } = bank.scenario().bank;
  const now = bank.clock.now().getTime();
  const since = (consentId === undefined ? null : bank.consents.find(consentId)?.authorisedAt) ?? now;
  return Math.max(1, Math.floor((since - now) / 1000) + consentValidityDays * 86_400);
}
