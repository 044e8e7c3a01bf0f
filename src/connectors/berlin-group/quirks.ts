import { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import { identityQuirks } from '../bank-identity.ts';
import type { BankEndpoint } from '../connector.ts';
import { oauthQuirks } from '../oauth-access-settings.ts';

/**
 * How a bank deviates from NextGenPSD2, as data of its provider's entry. The defaults are what the standard says, or
 * what most banks do where it leaves a choice.
 */
const quirkSchema = z.strictObject({
  ...identityQuirks,
  /**
   * bank-offered: the person picks accounts at the bank; global: all of them, with those that have no IBAN (N26);
   * detailed: for accounts by their IBAN, which a consent to list them finds out first.
   */
  consentAccess: z.enum(['bank-offered', 'global', 'global-with-owner-name', 'detailed']).default('bank-offered'),
  /** Cards have a list of their own (`card-accounts`), which costs a call; absent where the bank has none. */
  cardAccounts: z.enum(['listed', 'absent']).default('absent'),
  /** After how long the bank forgets a consent that nobody confirmed (N26: 300). */
  unconfirmedConsentExpiresInSeconds: z.int().min(60).max(86_400).default(1800),
  /** The person confirms a code or in the app within this time. */
  challengeExpiresInSeconds: z.int().min(10).max(86_400).default(300),
  /** How many wrong codes the bank takes, the last one included; absent: not known. */
  codeAttemptsMax: z.int().min(1).max(100).optional(),
  /** PSU-ID-Type, where the bank has several kinds of logins (`DE_ONLB_DB`). */
  psuIdType: z.string().max(50).optional(),
  /** The parameter with which the browser brings back the code for the link `confirmation`. */
  confirmationParameter: z.string().max(50).default('confirmationCode'),
  /** OAuth2 before the consent (pre-step), by this scope; absent: only where the bank links to it. */
  preStepScope: z.string().max(200).optional(),
  /** OAuth2 after the consent (integrated): the scope, before the consent's id. */
  consentScopePrefix: z.string().max(200).default('AIS:'),
  oauth: oauthQuirks.prefault({}),
  /** How pending entries are asked for: in one call with the booked ones, in a call of their own, or not at all. */
  pending: z.enum(['together', 'separately', 'never']).default('together'),
  /** The bank refuses a first day longer ago than this; absent: it takes any. */
  historyDays: z.int().min(1).max(36_500).optional(),
  /** unsigned: the direction is read from codes and parties; inverted: a debit is shown positive (Cetelem, SEB cards). */
  amountSign: z.enum(['signed', 'inverted', 'unsigned']).default('signed'),
  /** As amountSign, for card accounts alone; a bank that declares `debitAccounting` is believed without it. */
  cardAmountSign: z.enum(['signed', 'inverted']).default('signed'),
  /** Cards: what is owed is `nonInvoiced` minus `expected` (SEB Kort). */
  cardBalance: z.enum(['as-shown', 'non-invoiced-minus-expected']).default('as-shown'),
  /** Purchases abroad are shown in the foreign currency, and what the account pays in the text (Entercard). */
  billingAmount: z.enum(['in-amount', 'in-text']).default('in-amount'),
  /** Which format of reports is asked for first; another is read as well, whenever it comes. */
  reportFormat: z.enum(['json', 'xml', 'text']).default('json'),
  /** windows: the bank cuts long reports and links to no further page, so that days are asked for piece by piece. */
  paging: z.enum(['links', 'windows']).default('links'),
  /** entry-reference: the bank tells what it booked after an entry (`entryReferenceFrom`), and what it dates back with it. */
  delta: z.enum(['none', 'entry-reference']).default('none'),
  /** always: the bank gives data only while the person is present (UniCredit wants PSU-IP-Address on each call). */
  psuIpAddress: z.enum(['when-present', 'always']).default('when-present'),
  /** The value date is the true one (BNP Paribas Fortis, isybank). */
  prefersValueDate: z.boolean().default(false),
  /** Which printed statement lines are understood. */
  labelGrammar: z.enum(['french', 'none']).default('french'),
  /** The currency of accounts that the bank shows without one, or as multi-currency (`XXX`). */
  accountCurrency: z.string().length(3).default('EUR'),
});

export const berlinGroupQuirkSchema = quirkSchema.refine(
  ({ delta, paging }) => delta === 'none' || paging === 'links',
  {
    path: ['delta'],
    error: 'a report that is cut cannot be continued after an entry: it goes with paging: links only',
  },
);

export type BerlinGroupQuirks = z.infer<typeof berlinGroupQuirkSchema>;

/** The quirks of a bank; throws CONNECTOR_CONFIG_INVALID naming the entry that is wrong. */
export function berlinGroupQuirks(endpoint: BankEndpoint): BerlinGroupQuirks {
  const parsed = berlinGroupQuirkSchema.safeParse(endpoint.quirks);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Failure('CONNECTOR_CONFIG_INVALID', {
    message: `The provider's quirks are wrong: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}.`,
    cause: parsed.error,
  });
}
