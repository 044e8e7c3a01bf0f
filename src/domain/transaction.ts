/** BOOKED and PENDING as the bank says; VOID when the bank no longer shows what it once showed. */
export const transactionStatuses = ['PENDING', 'BOOKED', 'VOID'] as const;
export type TransactionStatus = (typeof transactionStatuses)[number];

/** The instrument of a payment, an axis of its own beside the category. */
export const transactionTypes = [
  'CREDIT',
  'DEBIT',
  'INTEREST',
  'DIVIDEND',
  'BANK_FEE',
  'DEPOSIT',
  'ATM',
  'POINT_OF_SALE',
  'CREDIT_CARD_PAYMENT',
  'INTERNAL_TRANSFER',
  'POTENTIAL_TRANSFER',
  'CHECK',
  'ELECTRONIC_PAYMENT',
  'CASH',
  'DIRECT_DEPOSIT',
  'DIRECT_DEBIT',
  'REPEATING_PAYMENT',
  'OTHER',
] as const;
export type TransactionType = (typeof transactionTypes)[number];

/** Why a transaction is VOID. */
export const voidReasons = ['VANISHED', 'EXPIRED', 'BANK_CORRECTION', 'DUPLICATE'] as const;
export type VoidReason = (typeof voidReasons)[number];

/** Who decided a category or a label, strongest first: nothing lower overwrites what stands higher. */
export const decisionSources = ['USER', 'USER_RULE', 'CLIENT_RULE', 'MODEL', 'PROVIDER'] as const;
export type DecisionSource = (typeof decisionSources)[number];

/** True when a decision of source `next` may replace one of source `current`. */
export function mayOverwrite(current: DecisionSource | null, next: DecisionSource): boolean {
  return current === null || decisionSources.indexOf(next) <= decisionSources.indexOf(current);
}
