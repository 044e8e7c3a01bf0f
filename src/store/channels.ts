import { and, asc, eq, getTableColumns } from 'drizzle-orm';
import type { UserScope } from '../domain/viewer.ts';
import type { ChannelId, ConnectionId } from '../kernel/id.ts';
import type { ChannelDefinition } from './providers.ts';
import { inScope, type Executor } from './scope.ts';
import { channels } from './schema/connections.ts';
import { channelDefinitions } from './schema/providers.ts';

export type ChannelRow = typeof channels.$inferSelect;
/** A channel with the provider's entry that says how its bank is reached. */
export type ChannelWithDefinition = ChannelRow & { readonly definition: ChannelDefinition };
type ChannelChange = Partial<Omit<ChannelRow, 'id' | 'userId' | 'clientId' | 'createdAt'>>;

/** Where the bank session of a channel belongs, for the vault. */
export function channelSealContext(id: ChannelId): string {
  return `channels.sealed_session:${id}`;
}

/** Channels, oldest first: all of the user's, those of a connection, or the one that is named. */
export async function listChannels(
  scope: UserScope,
  db: Executor,
  of: { connectionId?: ConnectionId; channelId?: ChannelId } = {},
): Promise<ChannelWithDefinition[]> {
  const rows = await db
    .select({ channel: getTableColumns(channels), definition: getTableColumns(channelDefinitions) })
    .from(channels)
    .innerJoin(channelDefinitions, eq(channelDefinitions.id, channels.channelDefinitionId))
    .where(
      and(
        of.connectionId ? eq(channels.connectionId, of.connectionId) : undefined,
        of.channelId ? eq(channels.id, of.channelId) : undefined,
        inScope(channels, scope),
      ),
    )
    .orderBy(asc(channels.createdAt), asc(channels.id));
  return rows.map((row) => ({ ...row.channel, definition: row.definition }));
}

export async function insertChannel(
  scope: UserScope,
  db: Executor,
  row: Omit<typeof channels.$inferInsert, 'userId' | 'clientId'>,
): Promise<void> {
  await db.insert(channels).values({ ...row, userId: scope.userId, clientId: scope.clientId });
}

export async function updateChannel(
  scope: UserScope,
  db: Executor,
  id: ChannelId,
  change: ChannelChange,
): Promise<void> {
  await db
    .update(channels)
    .set(change)
    .where(and(eq(channels.id, id), inScope(channels, scope)));
}
