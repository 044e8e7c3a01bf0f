import type { AccountStatus, AccountType } from './account.ts';
import { Failure, type FailureRecord } from './failure.ts';

/** What identifies an account, as a bank lists it and as it is stored. */
interface Identified {
  readonly iban: string | null;
  readonly maskedPan: string | null;
  readonly otherIdentification: string | null;
  readonly currency: string;
  readonly type: AccountType;
}

/** True when both have an identification of one kind, of which the strongest counts, and it differs. */
export function contradicts(left: Identified, right: Identified): boolean {
  const kinds = ['iban', 'maskedPan', 'otherIdentification'] as const;
  const strongest = kinds.find((kind) => left[kind] !== null && right[kind] !== null);
  return strongest !== undefined && left[strongest] !== right[strongest];
}

/** Whether nothing speaks against a listed account’s being this one: type, currency, and no contradiction. */
export function mayBe(left: Identified, right: Identified): boolean {
  return left.type === right.type && left.currency === right.currency && !contradicts(left, right);
}

/** What is known of a stored account of a channel when somebody has to decide which one it is. */
interface MappedAccount extends Identified {
  readonly id: string;
  readonly status: AccountStatus;
  readonly failure: FailureRecord | null;
  readonly createdAt: Date;
  readonly lastSyncedAt: Date | null;
}

/**
 * True for an account that the bank does not list: it was not found, or its person has closed it since. One that the
 * bank calls closed says ACCOUNT_CLOSED, and may be listed as such for years.
 */
export function isUnlisted({ status, failure }: Pick<MappedAccount, 'status' | 'failure'>): boolean {
  return status === 'NOT_FOUND' || (status === 'CLOSED' && failure === null);
}

/** Whether the bank has listed both at one time, so that they are two: this one was read after the other was there. */
export function wasBeside(account: MappedAccount, other: MappedAccount): boolean {
  return other.createdAt <= (account.lastSyncedAt ?? account.createdAt);
}

/**
 * Which of the other living accounts of its channel an account that was not found may be: those that are not closed,
 * that nothing speaks against, and that were never beside it. None for an account in any other state.
 */
export function mappingCandidates<Other extends MappedAccount>(
  account: MappedAccount,
  others: readonly Other[],
): readonly Other[] {
  if (account.status !== 'NOT_FOUND') return [];
  return others.filter(
    (other) =>
      other.id !== account.id && other.status !== 'CLOSED' && mayBe(account, other) && !wasBeside(account, other),
  );
}

/** Why an account that the bank lists no more is not read: it is not there, or nobody can tell which one it is. */
export function failureOfMissing(account: MappedAccount, others: readonly MappedAccount[]): FailureRecord {
  const isAmbiguous = mappingCandidates({ ...account, status: 'NOT_FOUND' }, others).length > 0;
  return new Failure(isAmbiguous ? 'ACCOUNT_MAPPING_REQUIRED' : 'ACCOUNT_NOT_FOUND').toRecord();
}
