/** The two ways to reach a provider. REDIRECT is a bank's PSD2 API, EMBEDDED a form of credentials. */
export const channelKinds = ['REDIRECT', 'EMBEDDED'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** The life of a connection: AUTHORIZING until the bank has confirmed, ACTION_REQUIRED while the user must act. */
export const connectionStatuses = ['AUTHORIZING', 'ACTIVE', 'ACTION_REQUIRED', 'SUSPENDED', 'CLOSED'] as const;
export type ConnectionStatus = (typeof connectionStatuses)[number];

/** The life of one channel of a connection. EMPTY: its last account is gone and its secrets are erased. */
export const channelStatuses = ['AUTHORIZING', 'ACTIVE', 'ACTION_REQUIRED', 'ERROR', 'EMPTY'] as const;
export type ChannelStatus = (typeof channelStatuses)[number];

/** How the last sync ended. */
export const lastSyncStatuses = ['NONE', 'RUNNING', 'SUCCESS', 'PARTIAL_SUCCESS', 'FAILED'] as const;
export type LastSyncStatus = (typeof lastSyncStatuses)[number];

/** The life of a consent, from the request to its end. REPLACED: a newer one has taken its place. */
export const consentStatuses = ['PENDING', 'ACTIVE', 'EXPIRING', 'EXPIRED', 'REVOKED', 'REJECTED', 'REPLACED'] as const;
export type ConsentStatus = (typeof consentStatuses)[number];

/** Why the next sync is planned for when it is. */
export const nextSyncReasons = ['DAILY', 'RETRY', 'BUDGET'] as const;
export type NextSyncReason = (typeof nextSyncReasons)[number];

/** What is read of an account. Transactions come with the balances that they are checked against. */
export const dataTypes = ['BALANCES', 'TRANSACTIONS'] as const;
export type DataType = (typeof dataTypes)[number];
