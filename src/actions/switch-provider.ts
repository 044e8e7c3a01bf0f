import { notFound } from '../domain/failure.ts';
import { setProviderEnabled } from '../store/providers.ts';
import type { ActionContext } from './context.ts';

/**
 * Switches a provider on or off. While it is off it cannot be linked, its connections stay as they are, with their
 * data, and are not synced: nothing is begun by plan, and who asks is told CONNECTOR_DISABLED. A sync that is open goes on
 * to its end. Throws NOT_FOUND for an unknown slug.
 */
export async function switchProvider(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  slug: string,
  isEnabled: boolean,
): Promise<void> {
  const isKnown = await setProviderEnabled(database.db, slug, isEnabled, clock.now());
  if (!isKnown) throw notFound(`provider "${slug}"`);
}
