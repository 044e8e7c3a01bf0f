import { notFound } from '../domain/failure.ts';
import { setProviderEnabled } from '../store/providers.ts';
import type { ActionContext } from './context.ts';

/**
 * Offers a provider for linking, or no longer; connections to it stay and go on. Throws NOT_FOUND for an unknown slug.
 */
export async function switchProvider(
  { database, clock }: Pick<ActionContext, 'database' | 'clock'>,
  slug: string,
  isEnabled: boolean,
): Promise<void> {
  const isKnown = await setProviderEnabled(database.db, slug, isEnabled, clock.now());
  if (!isKnown) throw notFound(`provider "${slug}"`);
}
