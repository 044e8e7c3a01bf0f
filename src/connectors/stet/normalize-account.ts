import type { BankAccount, BankBalance } from '../../domain/bank-snapshot.ts';
import { maskIban, parseIban } from '../../kernel/iban.ts';
import { isCurrencyCode } from '../../kernel/money.ts';
import { balanceTypeOf } from '../balance-type.ts';
import { accountTypeOf, bicOf, maskPan, usageOf } from '../bank-account.ts';
import { bankMoney } from '../bank-amount.ts';
import { bankDay, bankInstant } from '../bank-date.ts';
import { cleanIdentifier, cleanLine, cleanName } from '../bank-text.ts';
import type { StetQuirks } from './quirks.ts';
import { wireBalance, type WireAccount } from './wire.ts';

/** An account of the bank's list in our words, or null when it cannot be asked for (no usable resourceId). */
export function normalizeAccount(
  account: WireAccount,
  connectedOwner: string | null,
  quirks: Pick<StetQuirks, 'accountCurrency'>,
): BankAccount | null {
  const bankAccountId = account.resourceId ?? idInLink(account);
  if (bankAccountId === null || !isResourceId(bankAccountId)) return null;
  const iban = parseIban(account.accountId?.iban?.slice(0, 60) ?? '');
  const other = account.accountId?.other;
  const maskedPan = iban ? null : maskPan(other?.identification);
  const isCard = account.cashAccountType?.trim().toUpperCase() === 'CARD' || maskedPan !== null;
  const product = cleanName(account.product);
  const named = cleanName(account.name);
  const holder = isCard && named !== null ? holderOfCard(named) : null;
  // A set of deferred debits bears another day each month: a name that changes with it would be no name.
  const name = holder === null ? named : (cleanName(account.details) ?? product ?? holder);
  const currency = (account.currency ?? account.accountId?.currency ?? '').trim().toUpperCase();
  return {
    bankAccountId,
    iban,
    maskedPan,
    otherIdentification: iban || maskedPan ? null : (cleanIdentifier(other?.identification) ?? unreadIban(account)),
    bic: bicOf(account.bicFi),
    currency: isCurrencyCode(currency) ? currency : quirks.accountCurrency,
    name: name ?? product ?? (iban ? maskIban(iban) : (maskedPan ?? cleanLine(bankAccountId, 40))),
    ownerName: holder ?? (isHolder(account.psuStatus) ? connectedOwner : null),
    product,
    type: accountTypeOf({ cashAccountType: account.cashAccountType, names: [product, named], isCard }),
    usage: usageOf(account.usage),
    // A closed account is not on the list: STET has no status for it.
    isClosed: false,
  };
}

/** One balance for each of the bank's types and currency, the most recent where it gives several. */
export function normalizeBalances(
  given: readonly unknown[],
  account: Pick<BankAccount, 'currency'>,
  timeZone: string,
  { balanceTypes }: Pick<StetQuirks, 'balanceTypes'>,
): BankBalance[] {
  const typeByQuirk = new Map(Object.entries(balanceTypes));
  const latest = new Map<string, BankBalance>();
  for (const item of given) {
    const balance = wireBalance.safeParse(item).data;
    const money = bankMoney(balance?.balanceAmount, account.currency);
    if (!balance || !money) continue;
    const bankType = cleanLine(balance.balanceType, 60);
    const normalized = {
      type: typeByQuirk.get(bankType) ?? balanceTypeOf(bankType),
      bankType,
      money,
      referenceOn: bankDay(balance.referenceDate),
      changedAt: bankInstant(balance.lastChangeDateTime, timeZone),
    };
    const key = `${bankType} ${money.currency}`;
    const known = latest.get(key);
    if (!known || (known.referenceOn ?? '') < (normalized.referenceOn ?? '')) latest.set(key, normalized);
  }
  return [...latest.values()];
}

/** The standard lets a bank leave the id out, for the links lead to the account as well. */
function idInLink({ _links }: WireAccount): string | null {
  for (const href of [_links?.transactions, _links?.balances]) {
    const id = /\/accounts\/([^/?#]{1,300})\/(?:transactions|balances)(?:[/?#]|$)/.exec(
      href?.slice(0, 2000) ?? '',
    )?.[1];
    if (id === undefined) continue;
    try {
      return decodeURIComponent(id);
    } catch {
      return null;
    }
  }
  return null;
}

/** Goes into the path of an address as the bank gave it, so it must be able to stand there. */
function isResourceId(id: string): boolean {
  return id.length > 0 && id.length <= 300 && id !== '.' && id !== '..' && !/\p{C}/u.test(id);
}

/** "ALICE MARTIN 31/03/2026": who holds a deferred-debit card and when it is settled; null for any other name. */
function holderOfCard(name: string): string | null {
  return /^(\D{1,120}?) \d{2}[/.]\d{2}[/.]\d{4}$/.exec(name)?.[1] ?? null;
}

/** An attorney acts for somebody else, and the person who approved is one of several holders of a joint account. */
function isHolder(psuStatus: string | undefined): boolean {
  return psuStatus?.trim().toLowerCase() === 'account holder';
}

function unreadIban({ accountId }: WireAccount): string | null {
  return cleanIdentifier(accountId?.iban);
}
