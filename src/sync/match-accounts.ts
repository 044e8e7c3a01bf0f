import type { BankAccount } from '../domain/bank-snapshot.ts';
import type { AccountRow } from '../store/accounts.ts';

type Identified = Pick<
  BankAccount,
  'iban' | 'maskedPan' | 'otherIdentification' | 'bankAccountId' | 'currency' | 'type'
>;

export interface AccountMatching {
  readonly known: readonly { readonly account: AccountRow; readonly listed: BankAccount }[];
  readonly created: readonly BankAccount[];
  /** Accounts that the bank did not list. */
  readonly missing: readonly AccountRow[];
}

const withCurrency = (account: Identified, identification: string | null) =>
  identification === null ? null : `${identification} ${account.currency}`;

/**
 * What makes an account the same, strongest first. The bank's own id comes last, because it changes with the consent;
 * each tier is tried with the type first, because a card may carry the IBAN of the account it settles on.
 */
const tiers: readonly ((account: Identified) => string | null)[] = [
  (account) => withCurrency(account, account.iban && `${account.type} ${account.iban}`),
  (account) => withCurrency(account, account.iban),
  (account) => withCurrency(account, account.maskedPan && `${account.type} ${account.maskedPan}`),
  (account) => withCurrency(account, account.otherIdentification && `${account.type} ${account.otherIdentification}`),
  (account) => withCurrency(account, account.bankAccountId),
];

/**
 * Recognises listed accounts among the stored ones of the same channel. A tier pairs only what is unique on both
 * sides; where several carry one key, the bank's own id tells them apart. A pair may not contradict a stronger
 * identification that both sides have. One account left over on both sides, of one type and currency and without
 * contradiction, is the same one (elimination).
 */
export function matchAccounts(stored: readonly AccountRow[], listed: readonly BankAccount[]): AccountMatching {
  const known: { account: AccountRow; listed: BankAccount }[] = [];
  let missing = [...stored];
  let created = [...new Map(listed.map((account) => [account.bankAccountId, account])).values()];
  const pair = (account: AccountRow, one: BankAccount) => {
    known.push({ account, listed: one });
    missing = missing.filter((other) => other !== account);
    created = created.filter((other) => other !== one);
  };
  for (const key of tiers) {
    const storedByKey = Map.groupBy(missing, key);
    for (const [value, right] of Map.groupBy(created, key)) {
      if (value === null) continue;
      const left = storedByKey.get(value) ?? [];
      for (const one of right) {
        const sameId = left.filter((account) => account.bankAccountId === one.bankAccountId);
        const candidates = left.length === 1 && right.length === 1 ? left : sameId;
        const [account] = candidates;
        if (account && candidates.length === 1 && !contradicts(account, one)) pair(account, one);
      }
    }
  }
  const [lastStored] = missing;
  const [lastListed] = created;
  if (
    lastStored &&
    lastListed &&
    missing.length === 1 &&
    created.length === 1 &&
    isOnlyChoice(lastStored, lastListed)
  ) {
    pair(lastStored, lastListed);
  }
  return { known, created, missing };
}

/** True when both have an identification of one kind and it differs. */
function contradicts(left: Identified, right: Identified): boolean {
  const kinds = ['iban', 'maskedPan', 'otherIdentification'] as const;
  const strongest = kinds.find((kind) => left[kind] !== null && right[kind] !== null);
  return strongest !== undefined && left[strongest] !== right[strongest];
}

function isOnlyChoice(left: Identified, right: Identified): boolean {
  return left.type === right.type && left.currency === right.currency && !contradicts(left, right);
}
