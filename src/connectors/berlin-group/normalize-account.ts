import type { BankAccount } from '../../domain/bank-snapshot.ts';
import { isCurrencyCode } from '../../kernel/money.ts';
import { maskIban, parseIban } from '../../kernel/iban.ts';
import { accountTypeOf, bicOf, maskPan, usageOf } from '../bank-account.ts';
import { cleanIdentifier, cleanLine, cleanName } from '../bank-text.ts';
import { writeResource, type AccountResource } from './account-resource.ts';
import type { BerlinGroupQuirks } from './quirks.ts';
import { wireAccount, type WireAccount } from './wire.ts';

/** An account of the bank's list in our words, or null when it cannot be asked for (no usable resourceId). */
export function normalizeAccount(
  given: unknown,
  quirks: BerlinGroupQuirks,
  list: AccountResource['list'] = 'accounts',
): BankAccount | null {
  const account = wireAccount.safeParse(given).data;
  const id = account?.resourceId;
  if (!account || id === undefined || !isResourceId(id)) return null;
  const iban = parseIban(account.iban?.slice(0, 60) ?? '');
  // American Express writes the card number where the IBAN belongs.
  const maskedPan = maskPan(account.maskedPan) ?? maskPan(account.pan) ?? (iban ? null : maskPan(account.iban));
  const product = cleanName(account.product);
  const givenName = cleanName(account.displayName) ?? cleanName(account.name);
  const currency = account.currency?.trim().toUpperCase() ?? '';
  return {
    bankAccountId: writeResource({
      list,
      id,
      currency: null,
      showsDebitsPositive: account.debitAccounting === true,
    }),
    iban,
    maskedPan,
    otherIdentification: otherIdentification(account, iban, maskedPan),
    bic: bicOf(account.bic),
    currency: isCurrencyCode(currency) ? currency : quirks.accountCurrency,
    name: givenName ?? product ?? (iban ? maskIban(iban) : (maskedPan ?? cleanLine(id, 40))),
    ownerName: ownerName(account),
    product,
    type: accountTypeOf({
      cashAccountType: account.cashAccountType,
      names: [product, givenName],
      isCard: list === 'card-accounts' || (maskedPan !== null && iban === null),
    }),
    usage: usageOf(account.usage),
    isClosed: account.status?.trim().toLowerCase() === 'deleted',
  };
}

/** Goes into the path of an address as the bank gave it, so it must be able to stand there. */
function isResourceId(id: string): boolean {
  return id.length > 0 && id.length <= 300 && id !== '.' && id !== '..' && !/\p{C}/u.test(id);
}

function otherIdentification(account: WireAccount, iban: string | null, maskedPan: string | null): string | null {
  const unreadIban = iban || maskedPan ? undefined : account.iban;
  for (const candidate of [account.bban, account.other, unreadIban, account.msisdn]) {
    const clean = cleanIdentifier(candidate);
    if (clean) return clean;
  }
  return null;
}

function ownerName(account: WireAccount): string | null {
  const names = (account.ownerNames ?? []).slice(0, 5).flatMap((owner) => cleanName(owner.name) ?? []);
  return cleanName(account.ownerName) ?? (names.length > 0 ? names.join(', ') : null);
}
