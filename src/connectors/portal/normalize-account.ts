import type { AccountType } from '../../domain/account.ts';
import type { BankAccount } from '../../domain/bank-snapshot.ts';
import { Failure } from '../../domain/failure.ts';
import { maskIban, parseIban } from '../../kernel/iban.ts';
import { maskPan } from '../bank-account.ts';
import { foldText } from '../../kernel/fold-text.ts';
import { cleanIdentifier, cleanName } from '../bank-text.ts';
import type { ListedAccount } from './accounts-page.ts';
import { frenchMoney } from './french-values.ts';

const typeByKind: Readonly<Record<string, AccountType>> = {
  checking: 'CHECKINGS',
  savings: 'SAVINGS',
  'life-insurance': 'SAVINGS',
  securities: 'SAVINGS',
  card: 'CREDIT_CARD',
  loan: 'LOAN',
};

/** How the site marks a closed account, folded to capitals. */
const closedWords = new Set(['CLOTURE', 'CLOSED']);

/**
 * The accounts in our words. One of a kind that we do not know is left out, as is one that cannot be asked for or has no
 * balance in a known currency. Throws ACCOUNT_TYPE_UNSUPPORTED or DATA_INCONSISTENT when that leaves none of several.
 */
export function normalizeAccounts(listed: readonly ListedAccount[]): BankAccount[] {
  const known = listed.filter(({ kind }) => Object.hasOwn(typeByKind, kind));
  if (listed.length > 0 && known.length === 0) throw new Failure('ACCOUNT_TYPE_UNSUPPORTED');
  const byId = new Map<string, BankAccount>();
  for (const account of known.map(normalizeAccount))
    if (account && !byId.has(account.bankAccountId)) byId.set(account.bankAccountId, account);
  if (known.length > 0 && byId.size === 0) throw new Failure('DATA_INCONSISTENT');
  return [...byId.values()];
}

function normalizeAccount(listed: ListedAccount): BankAccount | null {
  const type = Object.hasOwn(typeByKind, listed.kind) ? typeByKind[listed.kind] : undefined;
  const money = frenchMoney(listed.balance);
  if (!type || !money || !isPathSegment(listed.id)) return null;
  const iban = parseIban(listed.number);
  const maskedPan = type === 'CREDIT_CARD' ? maskPan(listed.number) : null;
  const words = listed.hint.split('·').map((word) => word.trim());
  const isClosedWord = (word: string) => closedWords.has(foldText(word));
  const product = cleanName(words.find((word) => !isClosedWord(word)));
  return {
    bankAccountId: listed.id,
    iban,
    maskedPan,
    otherIdentification: iban || maskedPan ? null : cleanIdentifier(listed.number),
    bic: null,
    currency: money.currency,
    name: cleanName(listed.name) ?? product ?? (iban ? maskIban(iban) : (maskedPan ?? type)),
    ownerName: null,
    product,
    type,
    usage: null,
    isClosed: words.some(isClosedWord),
  };
}

/** Goes into an address as the site gave it, so it must be able to stand there. */
function isPathSegment(id: string): boolean {
  return id.length > 0 && id.length <= 300 && id !== '.' && id !== '..' && !/\p{C}/u.test(id);
}
