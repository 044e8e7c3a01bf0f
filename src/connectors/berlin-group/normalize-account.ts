import type { BankAccount, BankBalance } from '../../domain/bank-snapshot.ts';
import { isCurrencyCode } from '../../kernel/money.ts';
import { maskIban, parseIban } from '../../kernel/iban.ts';
import { balanceTypeOf } from '../balance-type.ts';
import { accountTypeOf, maskPan } from '../bank-account.ts';
import { bankMoney } from '../bank-amount.ts';
import { bankDay, bankInstant } from '../bank-date.ts';
import { cleanIdentifier, cleanLine, cleanName } from '../bank-text.ts';
import type { BerlinGroupQuirks } from './quirks.ts';
import { wireAccount, wireBalance, type WireAccount } from './wire.ts';

/** An account of the bank's list in our words, or null when it cannot be asked for (no usable resourceId). */
export function normalizeAccount(given: unknown, quirks: BerlinGroupQuirks): BankAccount | null {
  const account = wireAccount.safeParse(given).data;
  const bankAccountId = account?.resourceId;
  if (!account || bankAccountId === undefined || !isResourceId(bankAccountId)) return null;
  const iban = parseIban(account.iban?.slice(0, 60) ?? '');
  // American Express writes the card number where the IBAN belongs.
  const maskedPan = maskPan(account.maskedPan) ?? maskPan(account.pan) ?? (iban ? null : maskPan(account.iban));
  const product = cleanName(account.product);
  const givenName = cleanName(account.displayName) ?? cleanName(account.name);
  const currency = account.currency?.trim().toUpperCase() ?? '';
  return {
    bankAccountId,
    iban,
    maskedPan,
    otherIdentification: otherIdentification(account, iban, maskedPan),
    bic: bicOf(account.bic),
    currency: isCurrencyCode(currency) ? currency : quirks.accountCurrency,
    name: givenName ?? product ?? (iban ? maskIban(iban) : (maskedPan ?? cleanLine(bankAccountId, 40))),
    ownerName: ownerName(account),
    product,
    type: accountTypeOf({
      cashAccountType: account.cashAccountType,
      names: [product, givenName],
      isCard: maskedPan !== null && iban === null,
    }),
    usage: usageOf(account.usage),
    isClosed: account.status?.trim().toLowerCase() === 'deleted',
  };
}

/** One balance for each of the bank's types and currency, the most recent where it gives several. */
export function normalizeBalances(given: readonly unknown[], account: BankAccount, timeZone: string): BankBalance[] {
  const latest = new Map<string, BankBalance>();
  for (const item of given) {
    const balance = wireBalance.safeParse(item).data;
    const money = bankMoney(balance?.balanceAmount, account.currency);
    if (!balance || !money) continue;
    const normalized = {
      type: balanceTypeOf(balance.balanceType),
      bankType: cleanLine(balance.balanceType, 60),
      money,
      referenceOn: bankDay(balance.referenceDate),
      changedAt: bankInstant(balance.lastChangeDateTime, timeZone),
    };
    const key = `${normalized.bankType} ${money.currency}`;
    const known = latest.get(key);
    if (!known || (known.referenceOn ?? '') < (normalized.referenceOn ?? '')) latest.set(key, normalized);
  }
  return [...latest.values()];
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

function bicOf(text: string | undefined): string | null {
  const bic = text?.trim().toUpperCase() ?? '';
  return /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(bic) ? bic : null;
}

function usageOf(text: string | undefined): BankAccount['usage'] {
  const usage = text?.trim().toUpperCase();
  if (usage === 'PRIV') return 'PERSONAL';
  return usage === 'ORGA' ? 'PROFESSIONAL' : null;
}
