import { z } from 'zod';
import { balanceTypes } from '../../domain/account.ts';
import { Failure } from '../../domain/failure.ts';
import { identityQuirks } from '../bank-identity.ts';
import type { BankEndpoint } from '../connector.ts';
import { oauthQuirks } from '../oauth-access-settings.ts';

const wireBalanceTypes = ['CLBD', 'XPCD', 'VALU', 'OTHR'] as const;

/**
 * How a bank deviates from the STET PSD2 API, as data of its provider's entry. The defaults are what the standard says,
 * or what most banks do where it leaves a choice.
 */
export const stetQuirkSchema = z.strictObject({
  ...identityQuirks,
  oauth: oauthQuirks.prefault({}),
  /** What the person is asked for; some banks want `aisp extended_transaction_history` for more than 90 days. */
  scope: z.string().min(1).max(200).default('aisp'),
  /** For how long the bank keeps its pages open for a person who does not come back. */
  authorizationExpiresInSeconds: z.int().min(60).max(86_400).default(1800),
  /** mixed: data only after PUT /consents (BPCE); full-aisp: the approval opens everything (Connexis). */
  consentModel: z.enum(['mixed', 'full-aisp']).default('mixed'),
  /** 1.6 knows owners of accounts in PUT /consents. Everything else of either version is understood anyway. */
  version: z.enum(['1.4', '1.6']).default('1.4'),
  /** Whose accounts they are: told once by GET /end-user-identity when access is given, or not asked. */
  ownerName: z.enum(['from-identity', 'not-asked']).default('from-identity'),
  /** The names of the filter by days; entry-dates: entryDateFrom and entryDateTo (Connexis); none: the bank has none. */
  dateParameters: z.enum(['standard', 'entry-dates', 'none']).default('standard'),
  /** The bank refuses a first day longer ago than this (BPCE: 90); absent: it takes any. */
  historyDays: z.int().min(1).max(36_500).optional(),
  /** entry-reference: the bank tells what it booked after an entry, and what it dates back with it (BPCE does not). */
  delta: z.enum(['none', 'entry-reference']).default('none'),
  /** What the status OTHR means: not booked yet at most banks, of no meaning at LCL. */
  otherStatus: z.enum(['pending', 'booked', 'ignored']).default('pending'),
  /** The value date is the true one (LCL). */
  prefersValueDate: z.boolean().default(false),
  /** Balance types that mean another thing here: at BPCE, OTHR is the balance of this moment. */
  balanceTypes: z.partialRecord(z.enum(wireBalanceTypes), z.enum(balanceTypes)).default({}),
  /** Which printed statement lines are understood. */
  labelGrammar: z.enum(['french', 'none']).default('french'),
  /** The currency of accounts that the bank shows without one. */
  accountCurrency: z.string().length(3).default('EUR'),
});

export type StetQuirks = z.infer<typeof stetQuirkSchema>;

/** The quirks of a bank; throws CONNECTOR_CONFIG_INVALID naming the entry that is wrong. */
export function stetQuirks(endpoint: BankEndpoint): StetQuirks {
  const parsed = stetQuirkSchema.safeParse(endpoint.quirks);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure('CONNECTOR_CONFIG_INVALID', {
    message: `The provider's quirks are wrong: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}.`,
    cause: parsed.error,
  });
}
