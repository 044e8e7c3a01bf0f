import type { AccountStatus, AccountType, AccountUsage, BalanceType } from '../../domain/account.ts';
import type {
  ChannelKind,
  ChannelStatus,
  ConnectionStatus,
  ConsentStatus,
  DataType,
  LastSyncStatus,
} from '../../domain/connection.ts';
import { describeEnum } from './describe-enum.ts';

export const channelKindEnum = describeEnum<ChannelKind>('ChannelKind', 'How a provider is reached.', {
  REDIRECT: 'By the bank’s PSD2 interface: the person confirms on the bank’s pages. Payment accounts only.',
  EMBEDDED: 'By a form of credentials: every type of account that the person sees online.',
});

export const connectionStatusEnum = describeEnum<ConnectionStatus>('ConnectionStatus', 'The life of a connection.', {
  AUTHORIZING: 'The person has not yet confirmed at the bank.',
  ACTIVE: 'It can be synced.',
  ACTION_REQUIRED: 'It stands still until the person acts; `failure` tells how.',
  SUSPENDED: 'It is paused by the operator or the client.',
  CLOSED: 'It has ended.',
});

export const channelStatusEnum = describeEnum<ChannelStatus>('ChannelStatus', 'The life of one channel.', {
  AUTHORIZING: 'The person has not yet confirmed at the bank.',
  ACTIVE: 'It can be read.',
  ACTION_REQUIRED: 'It stands still until the person acts.',
  ERROR: 'The last read failed for a reason that the person cannot mend.',
  EMPTY: 'Its last account is gone and its secrets are erased.',
});

export const lastSyncStatusEnum = describeEnum<LastSyncStatus>('LastSyncStatus', 'How the last sync went.', {
  NONE: 'There has been none.',
  RUNNING: 'It is under way.',
  SUCCESS: 'Every account was read.',
  PARTIAL_SUCCESS: 'Some accounts were read, others failed.',
  FAILED: 'No account was read.',
});

export const consentStatusEnum = describeEnum<ConsentStatus>('ConsentStatus', 'The life of a consent.', {
  PENDING: 'Asked for, not yet given.',
  ACTIVE: 'Given and valid.',
  EXPIRING: 'Valid, but ending soon: it is time to renew.',
  EXPIRED: 'Over, because its time ran out.',
  REVOKED: 'Ended by the person, the bank or the client.',
  REJECTED: 'The person or the bank said no.',
  REPLACED: 'A newer one has taken its place.',
});

export const accountTypeEnum = describeEnum<AccountType>('AccountType', 'What an account is for.', {
  CHECKINGS: 'Daily payments.',
  SAVINGS: 'Money put aside.',
  LOAN: 'Money owed to the bank.',
  CREDIT_CARD: 'A card whose debit is deferred.',
});

export const accountUsageEnum = describeEnum<AccountUsage>('AccountUsage', 'Whose purposes an account serves.', {
  PERSONAL: 'A private person’s.',
  PROFESSIONAL: 'A business’s.',
});

export const accountStatusEnum = describeEnum<AccountStatus>('AccountStatus', 'The state of an account.', {
  ACTIVE: 'It was read at the last sync.',
  ERROR: 'The last sync could not read it; `failure` tells why.',
  NOT_FOUND: 'The bank no longer shows it.',
  CLOSED: 'The bank says that it is closed.',
  SUSPENDED: 'It is not read for now.',
  PENDING_CONSENT: 'The consent does not cover it yet.',
  MANUAL: 'It is kept by hand, without a bank.',
});

export const balanceTypeEnum = describeEnum<BalanceType>('BalanceType', 'What a balance counts, as ISO 20022 has it.', {
  INTERIM_BOOKED: 'What is booked up to now.',
  CLOSING_BOOKED: 'What was booked at the end of a day.',
  OPENING_BOOKED: 'What was booked at the start of a day.',
  EXPECTED: 'Booked and pending together.',
  INTERIM_AVAILABLE: 'What can be spent now; may contain an overdraft.',
  FORWARD_AVAILABLE: 'What can be spent on a later day.',
  NON_INVOICED: 'Card payments that are not yet invoiced.',
  OTHER: 'Something that only the bank has a word for.',
});

export const dataTypeEnum = describeEnum<DataType>('DataType', 'What is read of an account.', {
  BALANCES: 'Its balances.',
  TRANSACTIONS: 'Its transactions, with the balances that they are checked against.',
});
