import type { UserId } from '../kernel/id.ts';
import {
  countDataKeysNotUnder,
  dataKeysNotUnder,
  houseSecrets,
  replaceDataKey,
  replaceSecret,
  secretsNotUnder,
} from '../store/sealed.ts';
import type { KeyRotation } from '../vault/key-rotation.ts';
import type { ActionContext } from './context.ts';

const pageSize = 500;

/** How far a rotation is with one kind of secret. */
export interface RotationProgress {
  readonly name: string;
  readonly done: number;
  readonly total: number;
}

/**
 * Seals everything again with the current key of the ring, while the installation runs: every row is replaced only if it
 * is still the one that was read, and each opens with either key meanwhile. Broken off, it goes on where it stood. The
 * former key may leave the ring when a rotation finds nothing more. Throws when a key is missing from the ring.
 */
export async function* rotateKeys(
  { database: { db } }: Pick<ActionContext, 'database'>,
  rotation: KeyRotation,
): AsyncGenerator<RotationProgress> {
  const { currentId } = rotation;
  const name = 'data keys of users';
  const total = await countDataKeysNotUnder(db, currentId);
  let done = 0;
  let after: UserId | null = null;
  yield { name, done, total };
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- each page begins where the one before ended
    const page = await dataKeysNotUnder(db, currentId, { after, limit: pageSize });
    for (const { scope, ...read } of page) {
      // oxlint-disable-next-line no-await-in-loop -- one statement at a time leaves the database to who works
      await replaceDataKey(db, scope, read, rotation.rewrap(scope, read));
      after = scope.userId;
    }
    done += page.length;
    if (page.length === 0) break;
    yield { name, done, total };
  }
  for (const of of houseSecrets) {
    // oxlint-disable-next-line no-await-in-loop -- one kind after another
    const secrets = await secretsNotUnder(db, of, currentId);
    for (const read of secrets) {
      // oxlint-disable-next-line no-await-in-loop -- one statement at a time leaves the database to who works
      await replaceSecret(db, of, read, rotation.reseal(of.contextOf(read.id), read.sealed));
    }
    yield { name: of.name, done: secrets.length, total: secrets.length };
  }
}
