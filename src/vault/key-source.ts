import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openKeyFile } from './key-file.ts';
import { parseKeyRing, type KeyRing } from './key-ring.ts';

const run = promisify(execFile);
const commandSecondsMax = 30;

/**
 * Where the key-encryption keys come from; read once at the start and never written. This is the port for a key
 * management service: one implements `read`, or is asked by a command, such as
 * `aws kms decrypt --ciphertext-blob fileb://keys.enc --query Plaintext --output text | base64 -d`.
 */
export interface KeySource {
  /** The ring; throws an Error that names the source and the remedy and shows no key. */
  read(): Promise<KeyRing>;
}

/** A text of `id:key` entries, from an environment variable. */
export function keysFromText(text: string): KeySource {
  return { read: async () => parseKeyRing(text) };
}

/** A file that only its owner may read. It is made when it is missing only where `isMade` says so: in a sandbox. */
export function keysFromFile(path: string, { isMade }: { isMade: boolean }): KeySource {
  return { read: () => openKeyFile(path, { isMade }) };
}

/** The standard output of a command of the shell, in the form of TRIBUTARY_KEYS. */
export function keysFromCommand(command: string): KeySource {
  return {
    async read() {
      try {
        const { stdout } = await run('/bin/sh', ['-c', command], {
          timeout: commandSecondsMax * 1000,
          maxBuffer: 65_536,
        });
        return parseKeyRing(stdout.trim());
      } catch (error) {
        // The error of a child process repeats its output, which may be a key.
        throw new Error(`TRIBUTARY_KEYS_COMMAND gave no keys: ${reasonOf(error)}`);
      }
    },
  };
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'it failed.';
  if ('killed' in error && error.killed === true) return `it did not end within ${commandSecondsMax} seconds.`;
  if ('code' in error && typeof error.code === 'number') return `it ended with the status ${error.code}.`;
  return error instanceof Error && error.message.startsWith('Entry ') ? error.message : 'it could not be run.';
}
