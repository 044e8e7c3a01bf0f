import type { Bank } from '../bank.ts';
import type { Consent } from '../consents/consent.ts';
import { afterApp } from '../consents/decoupled.ts';
import { Refusal } from '../refusal.ts';

/** The consent of an address as it stands now. */
export function findConsent(bank: Bank, id: string): Consent {
  const consent = bank.consents.find(id);
  if (!consent) throw new Refusal(403, 'CONSENT_UNKNOWN', 'The consent is not known to this bank.');
  return afterApp(bank, consent);
}
