import { contradicts, mayBe } from '../domain/account-identity.ts';
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

type Key = (account: Identified) => string | null;

/**
 * What makes an account the same, strongest first; each is tried with the type first, because a card may carry the IBAN
 * of the account it settles on.
 */
const identifications: readonly Key[] = [
  (account) => withCurrency(account, account.iban && `${account.type} ${account.iban}`),
  (account) => withCurrency(account, account.iban),
  (account) => withCurrency(account, account.maskedPan && `${account.type} ${account.maskedPan}`),
  (account) => withCurrency(account, account.otherIdentification && `${account.type} ${account.otherIdentification}`),
];

const bankId: Key = (account) => withCurrency(account, account.bankAccountId);

/**
 * Recognises listed accounts among the stored ones of the same channel, by what identifies them and then by the bank's
 * own id, which comes last because it changes with the consent. A tier pairs only what is unique on both sides; where
 * several carry one key, the bank's own id tells them apart. A pair may not contradict a stronger identification that
 * both sides have. One account left over on both sides that may be the same is the same (elimination): among living
 * accounts and those of the `types` that are read (null for all), and unless it may be a deleted one as well.
 */
export function matchAccounts(
  stored: readonly AccountRow[],
  listed: readonly BankAccount[],
  types: readonly BankAccount['type'][] | null = null,
): AccountMatching {
  const matching = pairByKeys(stored, listed, [...identifications, bankId], isSameBankId);
  const [lastStored, ...otherStored] = matching.missing.filter(isLiving);
  const [lastListed, ...otherListed] = matching.created.filter(({ type }) => types?.includes(type) ?? true);
  if (!lastStored || !lastListed || otherStored.length > 0 || otherListed.length > 0) return matching;
  const isDeletedOne = matching.missing.some(
    ({ deletedAt, ...account }) => deletedAt !== null && mayBe(account, lastListed),
  );
  if (!mayBe(lastStored, lastListed) || isDeletedOne) return matching;
  return {
    known: [...matching.known, { account: lastStored, listed: lastListed }],
    created: matching.created.filter((one) => one !== lastListed),
    missing: matching.missing.filter((one) => one !== lastStored),
  };
}

function isLiving({ deletedAt, status }: AccountRow): boolean {
  return deletedAt === null && status !== 'CLOSED';
}

/**
 * Recognises accounts that another channel of the connection shows too. The channels' own ids have nothing to do with
 * each other, so that only what identifies an account everywhere counts, and nothing is eliminated: an account that is
 * taken for another is worse than one that is there twice.
 */
export function matchAcrossChannels(stored: readonly AccountRow[], listed: readonly BankAccount[]): AccountMatching {
  return pairByKeys(stored, listed, identifications, () => false);
}

type Tie = (left: Identified, right: Identified) => boolean;
const isSameBankId: Tie = (left, right) => left.bankAccountId === right.bankAccountId;

/** Pairs by one key after another; `tie` tells apart those that share a key. */
function pairByKeys(
  stored: readonly AccountRow[],
  listed: readonly BankAccount[],
  keys: readonly Key[],
  tie: Tie,
): AccountMatching {
  const known: { account: AccountRow; listed: BankAccount }[] = [];
  let missing = [...stored];
  let created = [...new Map(listed.map((account) => [account.bankAccountId, account])).values()];
  for (const key of keys) {
    const storedByKey = Map.groupBy(missing, key);
    for (const [value, right] of Map.groupBy(created, key)) {
      if (value === null) continue;
      const left = storedByKey.get(value) ?? [];
      for (const one of right) {
        const isUnique = left.length === 1 && right.length === 1;
        const [account, ...others] = isUnique ? left : left.filter((candidate) => tie(candidate, one));
        if (!account || others.length > 0 || contradicts(account, one)) continue;
        known.push({ account, listed: one });
        missing = missing.filter((other) => other !== account);
        created = created.filter((other) => other !== one);
      }
    }
  }
  return { known, created, missing };
}
