import type { BankSession } from '../connectors/connector.ts';
import type { UserScope } from '../domain/viewer.ts';
import type { ConnectionId } from '../kernel/id.ts';
import { channelSealContext, listChannels } from '../store/channels.ts';
import { consentSealContext, listOpenConsents } from '../store/consents.ts';
import type { Tx } from '../store/database.ts';
import { enqueue, revocationSealContext, type TaskPayloads } from '../store/jobs.ts';
import type { ActionContext } from './context.ts';

type Revocation = TaskPayloads['revoke-consent'];

/**
 * Prepares the end of every open consent of the user, or of one connection, at their banks. Call it before the
 * transaction that erases the rows, and `enqueueRevocations` inside of it: the user's key dies with his rows, so each
 * bank session is opened now and sealed again for the house. A session that does not open is skipped with a warning,
 * because erasing must not depend on it.
 */
export async function prepareRevocations(
  context: ActionContext,
  scope: UserScope,
  of: { connectionId?: ConnectionId } = {},
): Promise<Revocation[]> {
  const { db } = context.database;
  const channels = new Map((await listChannels(scope, db, of)).map((channel) => [channel.id, channel]));
  const revocations: Revocation[] = [];
  for (const consent of await listOpenConsents(scope, db, of)) {
    const channel = channels.get(consent.channelId);
    if (!channel) continue;
    const [sealContext, sealed] =
      consent.status === 'PENDING'
        ? [consentSealContext(consent.id), consent.sealedSession]
        : [channelSealContext(channel.id), channel.sealedSession];
    if (!sealed) continue;
    try {
      const session = await context.vault.open(scope, sealContext, sealed);
      const { dialect, baseUrl, timeZone, quirks } = channel.definition;
      revocations.push({
        consentId: consent.id,
        dialect,
        endpoint: { baseUrl, timeZone, quirks },
        sealedSession: Buffer.from(context.vault.sealForHouse(revocationSealContext(consent.id), session)).toString(
          'base64url',
        ),
      });
    } catch (error) {
      context.log.warn(
        { consentId: consent.id, error },
        'The bank session does not open: the consent stays at the bank.',
      );
    }
  }
  return revocations;
}

/** Enqueues what `prepareRevocations` made, in the transaction that erases the rows. */
export async function enqueueRevocations(tx: Tx, revocations: readonly Revocation[]): Promise<void> {
  for (const revocation of revocations) {
    await enqueue(tx, 'revoke-consent', revocation, { jobKey: `revoke-consent:${revocation.consentId}` });
  }
}

/** A text that was sealed as JSON, as the session that it is; throws when it is none. */
export function asBankSession(value: unknown): BankSession {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('Not a bank session.');
  return Object.fromEntries(Object.entries(value));
}
