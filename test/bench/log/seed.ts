import { scopeOfRow } from '../../../src/domain/viewer.ts';
import { newId } from '../../../src/kernel/id.ts';
import type { Database } from '../../../src/store/database.ts';

const at = new Date('2026-03-02T09:00:00Z');

/** A client with one user, a connection and an account; `name` tells several apart. */
export async function seedAccountsOf({ sql }: Database, name: string) {
  const [clientId, userId, accountId] = [newId('client', at), newId('user', at), newId('account', at)];
  const [connectionId, channelId, providerId] = [newId('connection', at), newId('channel', at), newId('provider', at)];
  const definitionId = newId('channelDefinition', at);
  await sql`insert into clients (id, oauth_client_id, name, created_at) values (${clientId}, ${name}, ${name}, ${at})`;
  await sql`insert into users (id, client_id, email, password_hash, created_at, updated_at)
            values (${userId}, ${clientId}, 'ada@example.com', '-', ${at}, ${at})`;
  await sql`insert into providers (id, slug, name, country, created_at, updated_at)
            values (${providerId}, ${name}, ${name}, 'FR', ${at}, ${at})`;
  await sql`insert into channel_definitions (id, provider_id, kind, dialect, base_url, account_types)
            values (${definitionId}, ${providerId}, 'REDIRECT', 'berlin-group', 'http://127.0.0.1:9/', '{CHECKINGS}')`;
  await sql`insert into connections (id, user_id, client_id, provider_id, status, created_at, updated_at)
            values (${connectionId}, ${userId}, ${clientId}, ${providerId}, 'ACTIVE', ${at}, ${at})`;
  await sql`insert into channels (id, user_id, client_id, connection_id, channel_definition_id, kind, status, created_at,
                                  updated_at)
            values (${channelId}, ${userId}, ${clientId}, ${connectionId}, ${definitionId}, 'REDIRECT', 'ACTIVE', ${at},
                    ${at})`;
  await sql`insert into accounts (id, user_id, client_id, connection_id, channel_id, bank_account_id, currency, name, type,
                                  status, created_at, updated_at)
            values (${accountId}, ${userId}, ${clientId}, ${connectionId}, ${channelId}, 'bank', 'EUR', 'Current',
                    'CHECKINGS', 'ACTIVE', ${at}, ${at})`;
  return { scope: scopeOfRow({ clientId, userId }), connectionId, accountId };
}
