import DataLoader from 'dataloader';
import { sql } from 'drizzle-orm';
import { failureCatalogue } from '../../domain/failure-catalogue.ts';
import type { ClientId, ProviderId } from '../../kernel/id.ts';
import { connections } from '../../store/schema/connections.ts';
import { syncs } from '../../store/schema/syncs.ts';
import type { GraphqlContext } from '../context.ts';
import { unauthenticated } from '../request-error.ts';

/** How the syncs of one client's connections to a provider went within the last hour. */
export interface ProviderRecord {
  readonly syncCount: number;
  readonly failedCount: number;
  readonly lastFailedAt: Date | null;
}

/** Failures that tell of the bank or of our way to it, and not of one person. */
const codesOfBank = Object.entries(failureCatalogue).flatMap(([code, { category }]) =>
  category === 'BANK' || category === 'CONNECTOR' ? [code] : [],
);

const hourMilliseconds = 3_600_000;
const loaders = new WeakMap<GraphqlContext, DataLoader<ProviderId, ProviderRecord>>();

/** The record of a provider as it is now; those of one page are read together, in one statement. */
export function providerRecord(context: GraphqlContext, providerId: ProviderId): Promise<ProviderRecord> {
  let loader = loaders.get(context);
  if (!loader) {
    const { viewer } = context;
    if (viewer.kind === 'anonymous') throw unauthenticated();
    loader = new DataLoader((ids) => readRecords(context, viewer.clientId, ids), { cache: false });
    loaders.set(context, loader);
  }
  return loader.load(providerId);
}

async function readRecords(
  { db, actions }: GraphqlContext,
  clientId: ClientId,
  ids: readonly ProviderId[],
): Promise<ProviderRecord[]> {
  const since = new Date(actions.clock.now().getTime() - hourMilliseconds).toISOString();
  const isFailed = sql`${syncs.failure} ->> 'code' = any(array[${sql.join(
    codesOfBank.map((code) => sql`${code}`),
    sql`, `,
  )}]::text[])`;
  const rows = await db.execute<{ id: string; count: number; failed: number; at: string | null }>(sql`
    select ${connections.providerId} as id, count(*)::int as count,
      (count(*) filter (where ${isFailed}))::int as failed,
      to_char(max(${syncs.finishedAt}) filter (where ${isFailed}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from ${syncs}
    join ${connections} on ${connections.id} = ${syncs.connectionId} and ${connections.userId} = ${syncs.userId}
      and ${connections.clientId} = ${clientId}
    where ${syncs.clientId} = ${clientId} and ${syncs.finishedAt} > ${since}::timestamptz
      and ${connections.providerId} = any(array[${sql.join(
        ids.map((id) => sql`${id}`),
        sql`, `,
      )}]::text[])
    group by ${connections.providerId}`);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = byId.get(id);
    return {
      syncCount: row?.count ?? 0,
      failedCount: row?.failed ?? 0,
      lastFailedAt: row?.at ? new Date(row.at) : null,
    };
  });
}
