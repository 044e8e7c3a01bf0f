import { createHash, randomBytes } from 'node:crypto';

/** A state with which a bank sends a browser back: 256 random bits, 43 characters of base64url. */
export function newState(): string {
  return randomBytes(32).toString('base64url');
}

/** How a state is stored: whoever reads the table cannot come back in the person's place. */
export function hashState(state: string): string {
  return createHash('sha256').update(state).digest('base64url');
}

/** Where banks send browsers back to: the address that is registered at each of them. */
export function returnUrlOf(publicUrl: string): string {
  return `${publicUrl}/widget/return`;
}
