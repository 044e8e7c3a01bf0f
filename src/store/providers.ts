import { and, asc, eq, inArray } from 'drizzle-orm';
import { newId, type ProviderId } from '../kernel/id.ts';
import type { Executor } from './scope.ts';
import { channelDefinitions, providers } from './schema/providers.ts';

export type ChannelDefinition = typeof channelDefinitions.$inferSelect;

/** The enabled channels of an enabled provider; null when there is none, or none among these slugs where given. */
export async function findProviderChannels(
  db: Executor,
  providerId: ProviderId,
  slugs: readonly string[] | null,
): Promise<ChannelDefinition[] | null> {
  const rows = await db
    .select({ definition: channelDefinitions })
    .from(providers)
    .leftJoin(
      channelDefinitions,
      and(eq(channelDefinitions.providerId, providers.id), eq(channelDefinitions.isEnabled, true)),
    )
    .where(
      and(
        eq(providers.id, providerId),
        eq(providers.isEnabled, true),
        slugs === null ? undefined : inArray(providers.slug, [...slugs]),
      ),
    );
  if (rows.length === 0) return null;
  return rows.flatMap((row) => (row.definition ? [row.definition] : []));
}

/** False while the operator has switched the provider off. */
export async function isProviderEnabled(db: Executor, id: ProviderId): Promise<boolean> {
  const [row] = await db.select({ isEnabled: providers.isEnabled }).from(providers).where(eq(providers.id, id));
  return row?.isEnabled ?? false;
}

type ProviderRow = typeof providers.$inferInsert;

/** An entry of the list of providers: what an operator writes, without ids and times. */
export interface ProviderEntry {
  readonly provider: Omit<ProviderRow, 'id' | 'createdAt' | 'updatedAt'>;
  readonly channels: readonly Omit<typeof channelDefinitions.$inferInsert, 'id' | 'providerId'>[];
}

/**
 * Adds the entry, or brings the one with the same slug up to date: ids stay, so connections stay linked. A channel
 * that the entry no longer has is switched off rather than deleted, because connections may refer to it.
 */
export async function saveProvider(db: Executor, entry: ProviderEntry, now: Date): Promise<ProviderId> {
  const [provider] = await db
    .insert(providers)
    .values({ ...entry.provider, id: newId('provider', now), createdAt: now, updatedAt: now })
    .onConflictDoUpdate({ target: providers.slug, set: { ...entry.provider, updatedAt: now } })
    .returning({ id: providers.id });
  if (!provider) throw new Error('The provider was not saved.');
  await db.update(channelDefinitions).set({ isEnabled: false }).where(eq(channelDefinitions.providerId, provider.id));
  for (const channel of entry.channels) {
    await db
      .insert(channelDefinitions)
      .values({ isEnabled: true, ...channel, id: newId('channelDefinition', now), providerId: provider.id })
      .onConflictDoUpdate({
        target: [channelDefinitions.providerId, channelDefinitions.kind],
        set: { isEnabled: true, ...channel },
      });
  }
  return provider.id;
}

/** The stored entries of these slugs, with the channels that are switched off. */
export async function findProviderEntries(db: Executor, slugs: readonly string[]): Promise<ProviderEntry[]> {
  const rows = await db
    .select()
    .from(providers)
    .where(inArray(providers.slug, [...slugs]));
  const channels = await db
    .select()
    .from(channelDefinitions)
    .where(
      inArray(
        channelDefinitions.providerId,
        rows.map(({ id }) => id),
      ),
    );
  const channelsOf = Map.groupBy(channels, ({ providerId }) => providerId);
  return rows.map(({ id, createdAt: _created, updatedAt: _updated, ...provider }) => ({
    provider,
    channels: (channelsOf.get(id) ?? []).map(({ id: _id, providerId: _provider, ...channel }) => channel),
  }));
}

/** A provider as an operator looks at it. */
export interface ListedProvider {
  readonly slug: string;
  readonly name: string;
  readonly country: string;
  readonly bic: string | null;
  readonly isEnabled: boolean;
  readonly dialects: string[];
}

/** All providers by name. */
export async function listProviders(db: Executor): Promise<ListedProvider[]> {
  const { slug, name, country, bic, isEnabled } = providers;
  const rows = await db
    .select({ slug, name, country, bic, isEnabled, dialect: channelDefinitions.dialect })
    .from(providers)
    .leftJoin(
      channelDefinitions,
      and(eq(channelDefinitions.providerId, providers.id), eq(channelDefinitions.isEnabled, true)),
    )
    .orderBy(asc(providers.name), asc(providers.slug), asc(channelDefinitions.kind));
  return [...Map.groupBy(rows, (row) => row.slug).values()].flatMap((ofProvider) => {
    const [first] = ofProvider;
    if (!first) return [];
    const { dialect: _, ...listed } = first;
    return [{ ...listed, dialects: ofProvider.flatMap(({ dialect }) => dialect ?? []) }];
  });
}

/** Whether a provider has this slug; it is then offered for linking or not, as told. */
export async function setProviderEnabled(db: Executor, slug: string, isEnabled: boolean, now: Date): Promise<boolean> {
  const rows = await db
    .update(providers)
    .set({ isEnabled, updatedAt: now })
    .where(eq(providers.slug, slug))
    .returning({ id: providers.id });
  return rows.length > 0;
}
