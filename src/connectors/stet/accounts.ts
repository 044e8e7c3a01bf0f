import type { BankAccount } from '../../domain/bank-snapshot.ts';
import { Failure } from '../../domain/failure.ts';
import type { BankCall, BankSession } from '../connector.ts';
import { resourceUrl } from '../page-link.ts';
import { callStet, type StetBank } from './client.ts';
import { isClosedToUs, putConsent } from './detailed-consent.ts';
import { normalizeAccount } from './normalize-account.ts';
import { readPages } from './pages.ts';
import { stetQuirks } from './quirks.ts';
import { openSession } from './session.ts';
import { wireAccount, wireAccounts } from './wire.ts';

/**
 * The accounts of the person who approved. In the mixed model an account that shows neither balances nor transactions is
 * new to the bank's consent: all accounts of the list are then told to the bank, which costs none of the four calls.
 */
export async function listAccounts(bank: StetBank, call: BankCall, given: BankSession): Promise<BankAccount[]> {
  const session = openSession(call, given);
  const quirks = stetQuirks(call.endpoint);
  const ask = (target: URL, isCounted = false) =>
    callStet(bank, call, session, { method: 'GET', target, resource: 'accounts', isCounted });
  const first = await ask(resourceUrl(call.endpoint.baseUrl, 'accounts'), true);
  const items: unknown[] = [];
  for await (const page of readPages(call, first, ask, wireAccounts)) items.push(...page);
  const listed = items.flatMap((item) => wireAccount.safeParse(item).data ?? []);
  const usable = listed.flatMap((account) => normalizeAccount(account, session.ownerName, quirks) ?? []);
  if (items.length > 0 && usable.length === 0) throw new Failure('DATA_INCONSISTENT');
  if (quirks.consentModel === 'mixed' && listed.some(isClosedToUs)) await putConsent(bank, call, session, listed);
  return usable;
}
