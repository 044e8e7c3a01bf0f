import { secretOverlapSecondsDefault, secretOverlapSecondsMax } from '../domain/client-authentication.ts';
import { Failure, invalidInput } from '../domain/failure.ts';
import { millisecondsPerSecond } from '../kernel/clock.ts';
import { updateClientRow, type AuthenticationRow } from '../store/clients.ts';
import { newClientSecret } from './client-secret.ts';
import type { ActionContext } from './context.ts';
import { hashPassword } from './password.ts';
import { changeClient } from './update-client.ts';

export interface RotatedSecret {
  /** Shown this once: only its hash is kept. */
  readonly secret: string;
  readonly oldSecretExpiresAt: Date;
}

/**
 * Gives a client a new secret; the one before it stays valid for `overlapSeconds` (0 ends it at once), and any older one
 * ends. Fails with NOT_FOUND, VALIDATION_FAILED, or CONFLICT for a client that has no secret.
 */
export async function rotateClientSecret(
  context: Pick<ActionContext, 'database' | 'clock'>,
  oauthClientId: string,
  overlapSeconds: number = secretOverlapSecondsDefault,
): Promise<RotatedSecret> {
  const { row, rotated } = await nextSecret(context, overlapSeconds);
  await changeClient(context, oauthClientId, 'client.rotate_secret', async (tx, client) => {
    await updateClientRow(tx, oauthClientId, row(client));
  });
  return rotated;
}

/** A new secret, and what becomes of the row that gets it. */
export async function nextSecret({ clock }: Pick<ActionContext, 'clock'>, overlapSeconds: number) {
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > secretOverlapSecondsMax) {
    const message = `Give a whole number of seconds from 0 to ${secretOverlapSecondsMax}.`;
    throw invalidInput([{ path: ['overlapSeconds'], message }]);
  }
  const secret = newClientSecret();
  const hash = await hashPassword(secret);
  const oldSecretExpiresAt = new Date(clock.now().getTime() + overlapSeconds * millisecondsPerSecond);
  return {
    rotated: { secret, oldSecretExpiresAt },
    row: ({ authenticationMethod, secretHashes }: AuthenticationRow) => {
      if (authenticationMethod !== 'client_secret') {
        const message = `It authenticates by ${authenticationMethod}, so it has no secret.`;
        throw new Failure('CONFLICT', { message });
      }
      return { secretHashes: [hash, ...secretHashes.slice(0, 1)], oldSecretsExpireAt: oldSecretExpiresAt };
    },
  };
}
