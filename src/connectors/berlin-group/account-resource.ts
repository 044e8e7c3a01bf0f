/** Where and how the data of an account is asked for. */
export interface AccountResource {
  readonly list: 'accounts' | 'card-accounts';
  /** The bank's `resourceId`. */
  readonly id: string;
  /** The one currency that counts, for an account of the bank that holds several; null where it holds one. */
  readonly currency: string | null;
  /** The bank has declared that it shows debits as positive amounts (`debitAccounting`). */
  readonly showsDebitsPositive: boolean;
}

const pattern = /^(accounts|card-accounts)(?::([A-Z]{3}|debits-positive))?\/([^]+)$/;
const debitsPositive = 'debits-positive';

/** The `bankAccountId` of an account: the bank's own id where that says it all. */
export function writeResource({ list, id, currency, showsDebitsPositive }: AccountResource): string {
  const mark = currency ?? (showsDebitsPositive ? debitsPositive : null);
  const isPlain = list === 'accounts' && mark === null && !pattern.test(id);
  return isPlain ? id : `${list}${mark === null ? '' : `:${mark}`}/${id}`;
}

/** The reverse of `writeResource`. */
export function readResource(bankAccountId: string): AccountResource {
  const [, list, mark, id] = pattern.exec(bankAccountId) ?? [];
  if (id === undefined) return { list: 'accounts', id: bankAccountId, currency: null, showsDebitsPositive: false };
  const showsDebitsPositive = mark === debitsPositive;
  return {
    list: list === 'card-accounts' ? list : 'accounts',
    id,
    currency: showsDebitsPositive ? null : (mark ?? null),
    showsDebitsPositive,
  };
}

/** The path of an account's balances or transactions below the bank's base address. */
export function resourcePath({ list, id }: AccountResource, what: 'balances' | 'transactions'): string {
  return `${list}/${encodeURIComponent(id)}/${what}`;
}
