import type { DecisionSource, TransactionStatus, TransactionType, VoidReason } from '../../domain/transaction.ts';
import { describeEnum } from './describe-enum.ts';

export const transactionStatusEnum = describeEnum<TransactionStatus>(
  'TransactionStatus',
  'The life of a transaction.',
  {
    PENDING: 'The bank announces it; its amount and text may still change.',
    BOOKED: 'It is in the books of the bank.',
    VOID: 'The bank no longer shows it; `voidReason` tells why.',
  },
);

export const transactionTypeEnum = describeEnum<TransactionType>(
  'TransactionType',
  'The instrument of a payment, beside the category.',
  {
    CREDIT: 'Money in, of no more precise kind.',
    DEBIT: 'Money out, of no more precise kind.',
    INTEREST: 'Interest, paid or received.',
    DIVIDEND: 'A share of a profit.',
    BANK_FEE: 'What the bank charges for itself.',
    DEPOSIT: 'Cash or checks paid in.',
    ATM: 'Cash at a machine.',
    POINT_OF_SALE: 'A card at a till.',
    CREDIT_CARD_PAYMENT:
      'The settlement of a card: the sum of operations that stand on the card’s own account, so not an expense of its own.',
    INTERNAL_TRANSFER: 'Between accounts of the same person.',
    POTENTIAL_TRANSFER: 'Probably between accounts of the same person; the other side is not known.',
    CHECK: 'A paper check.',
    ELECTRONIC_PAYMENT: 'A payment online or a transfer to others.',
    CASH: 'Cash at the counter.',
    DIRECT_DEPOSIT: 'A salary or benefit paid in.',
    DIRECT_DEBIT: 'Collected by a creditor under a mandate.',
    REPEATING_PAYMENT: 'A standing order.',
    OTHER: 'None of these.',
  },
);

export const voidReasonEnum = describeEnum<VoidReason>('VoidReason', 'Why a transaction is VOID.', {
  VANISHED: 'It was pending and did not come again.',
  EXPIRED: 'It was reserved, and the reservation ran out.',
  BANK_CORRECTION: 'The bank took it out of its books.',
  DUPLICATE: 'It was the same as another one.',
});

export const decisionSourceEnum = describeEnum<DecisionSource>(
  'DecisionSource',
  'Who decided; nothing lower in this list overwrites what stands higher.',
  {
    USER: 'The person.',
    USER_RULE: 'A rule of the person.',
    CLIENT_RULE: 'A rule of the client.',
    MODEL: 'Our own recognition.',
    PROVIDER: 'The bank.',
  },
);
