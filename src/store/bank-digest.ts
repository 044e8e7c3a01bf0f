import { hash } from 'node:crypto';
import { factsOfBank } from '../domain/bank-facts.ts';
import type { BankTransaction } from '../domain/bank-snapshot.ts';

const digestCharacters = 32;

/**
 * The first 128 bits of the facts' SHA-256, in hexadecimal. Two entries of one digest are taken for the same: among the
 * 10^12 pairs of a million stored and a million shown entries chance makes that 3 times in 10^27, and nobody who writes
 * a payment's text can make it, which a faster hash would let him. Null where `factsOf` is.
 */
export function digestOf(bank: BankTransaction): string | null {
  const facts = factsOfBank(bank);
  return facts === null ? null : hash('sha256', facts, 'hex').slice(0, digestCharacters);
}
