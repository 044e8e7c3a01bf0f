export { accounts, balances } from './accounts.ts';
export { clients, dataKeys, idempotencyKeys, users } from './clients.ts';
export { channels, connections, consents } from './connections.ts';
export { consumers, eventStreams, events } from './events.ts';
export { oauthKeys, oauthRecords } from './oauth.ts';
export { channelDefinitions, providers } from './providers.ts';
export { challenges, syncSteps, syncs } from './syncs.ts';
export { categories, transactions } from './transactions.ts';
export { auditEntries, rateWindows } from './audit.ts';
