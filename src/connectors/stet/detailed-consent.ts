import { parseIban } from '../../kernel/iban.ts';
import { cleanLine } from '../bank-text.ts';
import type { BankCall } from '../connector.ts';
import { callStet, type StetBank } from './client.ts';
import { stetQuirks } from './quirks.ts';
import type { ActiveSession } from './session.ts';
import type { WireAccount } from './wire.ts';

/** Banks without the detailed consent say so in these ways; there the approval has opened everything. */
const notOffered = new Set([404, 405, 501]);

/**
 * Tells the bank which accounts we read (PUT /consents of the mixed model). It replaces all that was said before, so that
 * every account of the list is named each time; an account that the bank gives no number of cannot be. Throws the bank's
 * refusal.
 */
export async function putConsent(
  bank: StetBank,
  call: BankCall,
  session: ActiveSession,
  accounts: readonly WireAccount[],
): Promise<void> {
  const quirks = stetQuirks(call.endpoint);
  const references = accounts.map(referenceOf).filter((reference) => reference !== null);
  const answer = await callStet(bank, call, session, {
    method: 'PUT',
    target: 'consents',
    resource: 'access',
    body: {
      balances: references,
      transactions: references,
      ...(quirks.version === '1.6' ? { owners: references } : {}),
      trustedBeneficiaries: false,
      psuIdentity: quirks.ownerName === 'from-identity',
    },
  });
  if (answer.isRefused && !notOffered.has(answer.status)) throw answer.failure;
}

/** Whether the bank shows neither balances nor transactions of an account: it has not been told of it yet. */
export function isClosedToUs({ _links }: WireAccount): boolean {
  return _links?.balances === undefined && _links?.transactions === undefined;
}

/** AccountIdentification, as the bank wrote it: a card is known by its masked number and scheme. */
function referenceOf({ accountId }: WireAccount): object | null {
  const iban = parseIban(accountId?.iban?.slice(0, 60) ?? '');
  if (iban) return { iban };
  if (!accountId?.other) return null;
  const { identification, schemeName, issuer } = accountId.other;
  return {
    other: {
      identification: cleanLine(identification, 70),
      ...(schemeName === undefined ? {} : { schemeName: cleanLine(schemeName, 70) }),
      ...(issuer === undefined ? {} : { issuer: cleanLine(issuer, 35) }),
    },
  };
}
