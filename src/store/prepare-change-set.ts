import type { ChangeSet, CreatedTransaction } from '../domain/change-set.ts';
import type { UserScope } from '../domain/viewer.ts';
import { newId, type AccountId, type TransactionId } from '../kernel/id.ts';
import { copyPieces, type CopyPieces } from './copy-rows.ts';
import { recordOf, type TransactionRecord } from './transaction-record.ts';

/** From so many new rows on COPY is faster than one statement, whose rows PostgreSQL has to parse as JSON. */
const minRowsToCopy = 500;

/** A change set of one account whose new rows have their ids and, when they are many, the form in which they are sent. */
export interface PreparedChangeSet {
  readonly scope: UserScope;
  readonly accountId: AccountId;
  readonly changes: ChangeSet;
  /** The new rows as a statement takes them, made when they are asked for. */
  readonly newRecords: () => TransactionRecord[];
  /** The same rows as COPY takes them; null when they are few. */
  readonly copy: CopyPieces | null;
}

/**
 * Makes ids, digests and texts of new rows: all that needs no database, so that it may be done while PostgreSQL writes
 * what came before, and before the lock of the user is taken. `now` is when the rows are said to be written.
 */
export async function prepareChangeSet(
  scope: UserScope,
  accountId: AccountId,
  changes: ChangeSet,
  now: Date,
): Promise<PreparedChangeSet> {
  const created = inOrderOfIndex(changes.created, now);
  const at = now.toISOString();
  const record = ({ id, one }: Identified) => recordOf(one, { scope, accountId, id, matchedOn: null, at });
  return {
    scope,
    accountId,
    changes,
    newRecords: () => created.map(record),
    copy: created.length < minRowsToCopy ? null : await copyPieces(created, record),
  };
}

interface Identified {
  readonly id: TransactionId;
  readonly one: CreatedTransaction;
}

/**
 * In the order of the account's index, day by day, and with ids that rise in that order: every index then grows at one
 * place, which is what pays most in a large load.
 */
function inOrderOfIndex(created: readonly CreatedTransaction[], now: Date): readonly Identified[] {
  const ids = created.map(() => newId('transaction', now)).toSorted();
  return created
    .toSorted((left, right) => (left.datedOn === right.datedOn ? 0 : left.datedOn < right.datedOn ? -1 : 1))
    .flatMap((one, index) => {
      const id = one.id ?? ids[index];
      return id ? [{ id, one }] : [];
    });
}
