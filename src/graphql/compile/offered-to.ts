import { sql, type SQL } from 'drizzle-orm';
import type { Viewer } from '../../domain/viewer.ts';
import { clients } from '../../store/schema/clients.ts';
import type { providers } from '../../store/schema/providers.ts';
import { unauthenticated } from '../request-error.ts';

/** The filter of the providers that the operator lets the viewer's client see; without such a list, all. */
export function offeredTo(viewer: Viewer): { RAW: (provider: typeof providers) => SQL } {
  if (viewer.kind === 'anonymous') throw unauthenticated();
  const { clientId } = viewer;
  return {
    RAW: (provider) => sql`exists (select from ${clients} where ${clients.id} = ${clientId}
      and (${clients.providerSlugs} is null or ${provider.slug} = any(${clients.providerSlugs})))`,
  };
}
