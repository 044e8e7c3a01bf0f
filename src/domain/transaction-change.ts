import type { AccountId, ConnectionId, TransactionId } from '../kernel/id.ts';
import type { UserScope } from './viewer.ts';

/** What a client that mirrors transactions must do; the last three end all transactions below what is deleted. */
export const transactionChangeKinds = [
  'CREATED',
  'UPDATED',
  'VOIDED',
  'ACCOUNT_DELETED',
  'CONNECTION_DELETED',
  'USER_DELETED',
] as const;
export type TransactionChangeKind = (typeof transactionChangeKinds)[number];

interface Change<Kind extends TransactionChangeKind> {
  readonly kind: Kind;
  /** Opaque place in the list of changes. */
  readonly cursor: string;
  readonly owner: UserScope;
}

/** One entry of the list of changes. */
export type TransactionChange =
  | (Change<'CREATED' | 'UPDATED' | 'VOIDED'> & { readonly transactionId: TransactionId })
  | (Change<'ACCOUNT_DELETED'> & { readonly accountId: AccountId })
  | (Change<'CONNECTION_DELETED'> & { readonly connectionId: ConnectionId })
  | Change<'USER_DELETED'>;

/** A page of changes, in their order. */
export interface ChangePage {
  readonly changes: readonly TransactionChange[];
  readonly hasMore: boolean;
}
