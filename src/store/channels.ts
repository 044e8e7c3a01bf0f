import { and, asc, eq, getTableColumns } from 'drizzle-orm';
import type { FailureCode } from '../domain/failure-catalogue.ts';
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

/** Where the credentials of a channel belong, for the vault. */
export function credentialsSealContext(id: ChannelId): string {
  return `channels.sealed_credentials:${id}`;
}

/** True for a channel that is authorised by credentials, inside of a sync, rather than by a visit to the bank's page. */
export function isBySignIn({ credentialFields }: Pick<ChannelDefinition, 'credentialFields'>): boolean {
  return credentialFields.length > 0;
}

/** True for a channel that can be read without its person, as far as is known. */
export function isReadable({ status }: Pick<ChannelRow, 'status'>): boolean {
  return status === 'ACTIVE' || status === 'ERROR';
}

/** With these the same credentials once more would only bring the bank to lock the person out. */
const wantsNewCredentials: readonly FailureCode[] = ['CREDENTIALS_INVALID', 'PASSWORD_CHANGE_REQUIRED'];

/** True for a channel that the person could sign in on with the credentials that are stored. */
export function canSignIn({ sealedCredentials, failure }: Pick<ChannelRow, 'sealedCredentials' | 'failure'>): boolean {
  return sealedCredentials !== null && !(failure && wantsNewCredentials.includes(failure.code));
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

/**
 * Puts a session in the place of the one that was read; false when another has come meanwhile (a consent renewed, the
 * credentials changed), which is then the one to use.
 */
export async function replaceSession(
  scope: UserScope,
  db: Executor,
  id: ChannelId,
  of: { readonly read: Uint8Array; readonly renewed: Uint8Array; readonly now: Date },
): Promise<boolean> {
  const rows = await db
    .update(channels)
    .set({ sealedSession: of.renewed, updatedAt: of.now })
    .where(and(eq(channels.id, id), eq(channels.sealedSession, of.read), inScope(channels, scope)))
    .returning({ id: channels.id });
  return rows.length > 0;
}
