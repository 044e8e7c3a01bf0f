import { isDeepStrictEqual } from 'node:util';
import type { ProviderListing } from '../domain/provider.ts';
import { findProviderEntries, saveProvider, type ProviderEntry } from '../store/providers.ts';
import type { ActionContext } from './context.ts';

/** What loading a list has done, by the slugs of the entries. */
export interface ProvidersLoaded {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

/**
 * Brings the list of providers up to the operator's, all of it or nothing: ids stay, so connections stay linked; what the
 * list leaves out is not touched, and a channel that an entry no longer has is switched off. An entry that says what is
 * stored is not written.
 */
export async function loadProviders(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  listings: readonly ProviderListing[],
): Promise<ProvidersLoaded> {
  // In one order, so that two loads at once wait for each other instead of blocking each other.
  const entries = listings.map(entryOf).toSorted((left, right) => (left.provider.slug < right.provider.slug ? -1 : 1));
  const slugs = entries.map(({ provider }) => provider.slug);
  return database.db.transaction(async (tx) => {
    const stored = new Map((await findProviderEntries(tx, slugs)).map((entry) => [entry.provider.slug, entry]));
    const loaded = { added: [] as string[], changed: [] as string[], unchanged: [] as string[] };
    for (const entry of entries) {
      const { slug } = entry.provider;
      const before = stored.get(slug);
      if (before && isSame(before, entry)) {
        loaded.unchanged.push(slug);
        continue;
      }
      // oxlint-disable-next-line no-await-in-loop -- one connection, which does one thing after the other
      await saveProvider(tx, entry, clock.now());
      (before ? loaded.changed : loaded.added).push(slug);
    }
    return loaded;
  });
}

/** What a listing leaves out is nothing, and is stored as that when there was something. */
function entryOf(listing: ProviderListing): ProviderEntry {
  const { channels, bic = null, logoUrl = null, websiteUrl = null, isEnabled, ...provider } = listing;
  const isOffered = isEnabled === undefined ? {} : { isEnabled };
  return { provider: { ...provider, bic, logoUrl, websiteUrl, ...isOffered }, channels };
}

function isSame(stored: ProviderEntry, listed: ProviderEntry): boolean {
  const kinds = new Set(listed.channels.map(({ kind }) => kind));
  const channels = stored.channels.filter(({ kind, isEnabled }) => isEnabled || kinds.has(kind));
  return isDeepStrictEqual(
    { provider: stored.provider, channels: byKind(channels) },
    {
      provider: { ...listed.provider, isEnabled: listed.provider.isEnabled ?? stored.provider.isEnabled },
      channels: byKind(listed.channels),
    },
  );
}

function byKind(channels: ProviderEntry['channels']): ProviderEntry['channels'] {
  return channels.toSorted((left, right) => (left.kind < right.kind ? -1 : 1));
}
