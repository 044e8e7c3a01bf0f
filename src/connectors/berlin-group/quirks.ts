import { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { BankEndpoint } from '../connector.ts';

/**
 * How a bank deviates from NextGenPSD2, as data of its provider's entry. The defaults are what the standard says, or
 * what most banks do where it leaves a choice.
 */
const schema = z.strictObject({
  /** bank-offered: the person picks accounts at the bank; global: all of them, with those that have no IBAN (N26). */
  consentAccess: z.enum(['bank-offered', 'global']).default('bank-offered'),
  /** After how long the bank forgets a consent that nobody confirmed (N26: 300). */
  unconfirmedConsentExpiresInSeconds: z.int().min(60).max(86_400).default(1800),
  /** How pending entries are asked for: in one call with the booked ones, in a call of their own, or not at all. */
  pending: z.enum(['together', 'separately', 'never']).default('together'),
  /** The bank refuses a first day longer ago than this; absent: it takes any. */
  historyDays: z.int().min(1).max(36_500).optional(),
  /** unsigned: the direction is read from codes and parties; inverted: a debit is shown positive (Cetelem, SEB cards). */
  amountSign: z.enum(['signed', 'inverted', 'unsigned']).default('signed'),
  /** The value date is the true one (BNP Paribas Fortis, isybank). */
  prefersValueDate: z.boolean().default(false),
  /** Which printed statement lines are understood. */
  labelGrammar: z.enum(['french', 'none']).default('french'),
  /** The currency of accounts that the bank shows without one, or as multi-currency (`XXX`). */
  accountCurrency: z.string().length(3).default('EUR'),
});

export type BerlinGroupQuirks = z.infer<typeof schema>;

/** The quirks of a bank; throws CONNECTOR_CONFIG_INVALID naming the entry that is wrong. */
export function berlinGroupQuirks(endpoint: BankEndpoint): BerlinGroupQuirks {
  const parsed = schema.safeParse(endpoint.quirks);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure('CONNECTOR_CONFIG_INVALID', {
    message: `The provider's quirks are wrong: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}.`,
    cause: parsed.error,
  });
}
