import { and, eq } from 'drizzle-orm';
import type { ChannelDefinitionId, ProviderId } from '../kernel/id.ts';
import type { Executor } from './scope.ts';
import { channelDefinitions, providers } from './schema/providers.ts';

export type ChannelDefinition = typeof channelDefinitions.$inferSelect;

/** The enabled channels of an enabled provider; null when there is no such provider. */
export async function findProviderChannels(db: Executor, providerId: ProviderId): Promise<ChannelDefinition[] | null> {
  const rows = await db
    .select({ definition: channelDefinitions })
    .from(providers)
    .leftJoin(
      channelDefinitions,
      and(eq(channelDefinitions.providerId, providers.id), eq(channelDefinitions.isEnabled, true)),
    )
    .where(and(eq(providers.id, providerId), eq(providers.isEnabled, true)));
  if (rows.length === 0) return null;
  return rows.flatMap((row) => (row.definition ? [row.definition] : []));
}

/** One channel of a provider, enabled or not: what is linked goes on being known. */
export async function findChannelDefinition(
  db: Executor,
  id: ChannelDefinitionId,
): Promise<ChannelDefinition | undefined> {
  const [definition] = await db.select().from(channelDefinitions).where(eq(channelDefinitions.id, id));
  return definition;
}
