import { rotateKeys } from '../actions/rotate-keys.ts';
import { createKeyRotation } from '../vault/key-rotation.ts';
import { generateKey } from '../vault/key-ring.ts';
import { withInstallation } from './with-installation.ts';

/** Prints a new key as it stands in TRIBUTARY_KEYS; its id is the day unless one is given. */
export function keyGenerate(id: string | undefined): void {
  process.stdout.write(`${generateKey(id ?? `k${new Date().toISOString().slice(0, 10)}`)}\n`);
}

/** Seals everything again with the first key of the ring, while the installation runs, and tells how far it is. */
export async function keyRotate(): Promise<void> {
  await withInstallation(async ({ database }, keyRing) => {
    const rotation = createKeyRotation(keyRing);
    process.stdout.write(`Sealing everything with the key ${rotation.currentId}.\n`);
    for await (const { name, done, total } of rotateKeys({ database }, rotation)) {
      process.stdout.write(`  ${name}: ${done} of ${total}\n`);
    }
  });
  process.stdout.write(
    'Done. When every process runs with the new key in front, rotate once more, then take the former key out.\n',
  );
}
