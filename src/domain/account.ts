export const accountTypes = ['CHECKINGS', 'SAVINGS', 'LOAN', 'CREDIT_CARD'] as const;
export type AccountType = (typeof accountTypes)[number];

export const accountUsages = ['PERSONAL', 'PROFESSIONAL'] as const;
export type AccountUsage = (typeof accountUsages)[number];

export const accountStatuses = [
  'ACTIVE',
  'ERROR',
  'NOT_FOUND',
  'CLOSED',
  'SUSPENDED',
  'PENDING_CONSENT',
  'MANUAL',
] as const;
export type AccountStatus = (typeof accountStatuses)[number];

/** What a balance counts (ISO 20022 and NextGenPSD2 names, in our spelling). */
export const balanceTypes = [
  'INTERIM_BOOKED',
  'CLOSING_BOOKED',
  'OPENING_BOOKED',
  'EXPECTED',
  'INTERIM_AVAILABLE',
  'FORWARD_AVAILABLE',
  'NON_INVOICED',
  'OTHER',
] as const;
export type BalanceType = (typeof balanceTypes)[number];

/**
 * The order in which one balance is chosen as the account's: what is booked comes first, because available amounts may
 * contain an overdraft or a credit line.
 */
export const balancePreference: readonly BalanceType[] = [
  'INTERIM_BOOKED',
  'CLOSING_BOOKED',
  'EXPECTED',
  'INTERIM_AVAILABLE',
  'FORWARD_AVAILABLE',
  'NON_INVOICED',
  'OPENING_BOOKED',
  'OTHER',
];
