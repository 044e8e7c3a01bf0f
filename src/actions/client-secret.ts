import { randomBytes } from 'node:crypto';

/** A new client secret of 256 random bits. Its prefix is none of an id's: a secret may not be logged. */
export function newClientSecret(): string {
  return `sec_${randomBytes(32).toString('base64url')}`;
}
