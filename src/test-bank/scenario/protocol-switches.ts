import { z } from 'zod';
import { accountReferenceFields, consentModels } from '../consents/consent.ts';

/** How a bank bends the protocol around its data: one switch per habit, the well-behaved value first. */
export const protocolSwitches = {
  pages: z
    .enum(['next-link', 'none', 'broken-next', 'duplicates-across-pages', 'page-number', 'endless'])
    .default('next-link')
    .describe(
      'Paging. None: everything at once. Broken next link: N26. Duplicates: Monzo. Page number: pageIndex and itemsPerPage. Endless: the last page links to itself.',
    ),
  links: z
    .enum(['absolute', 'relative', 'without-prefix', 'missing', 'empty-object'])
    .default('absolute')
    .describe(
      'Links of data answers. Without the prefix of the bank: several XS2A platforms. Missing: ING, Santander DE. Empty: BPCE. The links of consents are always there.',
    ),
  linkParameters: z
    .enum(['as-asked', 'upper-case'])
    .default('as-asked')
    .describe('Upper case: bookingStatus=BOOKED in links, which the bank understands too: Commerzbank.'),
  errors: z
    .enum(['tpp-messages', 'problem-json', 'spring', 'html'])
    .default('tpp-messages')
    .describe('The shape of errors. Spring: gateways before the bank. HTML: internal errors of many.'),
  rate: z
    .enum(['endpoint', 'account', 'consent'])
    .default('endpoint')
    .describe('What the limit of unattended calls is counted by: each address, each account, or the whole consent.'),
  psuIpAddress: z
    .enum(['consents', 'always'])
    .default('consents')
    .describe('Where PSU-IP-Address is mandatory. Always, even for data: UniCredit/HVB.'),
  psuId: z
    .enum(['optional', 'required'])
    .default('optional')
    .describe('Required: POST /consents must name the person in PSU-ID: Deutsche Bank, UniCredit.'),
  resourceIds: z
    .enum(['stable', 'per-consent'])
    .default('stable')
    .describe('Whether the ids of accounts in addresses survive a new consent.'),
  bookingStatuses: z
    .enum(['all', 'booked-only', 'separately'])
    .default('all')
    .describe('Which bookingStatus may be asked for. Separately: booked and pending, but not both in one call.'),
  delta: z
    .enum(['references', 'all', 'none'])
    .default('references')
    .describe('Delta reports: by entryReferenceFrom only, by deltaList as well, or not at all.'),
  history: z
    .enum(['always', 'full-first-15-minutes'])
    .default('always')
    .describe('The full history only during the first 15 minutes of a consent, 90 days later on: N26.'),
  oldDates: z
    .enum(['shortened', 'refused'])
    .default('shortened')
    .describe(
      'A dateFrom before the history: answered with what there is, or refused with PERIOD_INVALID (N26, BRED).',
    ),
  dateFilter: z
    .enum(['kept', 'ignored'])
    .default('kept')
    .describe('Ignored: dateFrom and dateTo change nothing, the whole history comes.'),
  consentModels: z
    .array(z.enum(consentModels))
    .min(1)
    .max(consentModels.length)
    .default([...consentModels])
    .describe('Kinds of access that may be asked for; others are refused with SERVICE_INVALID. N26: global only.'),
  accountReferences: z
    .array(z.enum(accountReferenceFields))
    .min(1)
    .max(accountReferenceFields.length)
    .default([...accountReferenceFields])
    .describe(
      'By what a detailed consent may name an account; others are refused with FORMAT_ERROR: supportedAccountReferenceFields.',
    ),
  grantedAccounts: z
    .enum(['as-asked', 'first-only'])
    .default('as-asked')
    .describe('First only: whatever was asked for and chosen, the consent covers one account, a partial grant.'),
  unconfirmedConsentSeconds: z
    .int()
    .min(10)
    .max(2_592_000)
    .default(86_400)
    .describe(
      'How long a consent waits for the person before it expires: notConfirmedConsentExpirationTimeMs. How long one authorisation may take is authorisationSeconds of the bank.',
    ),
  startAuthorisation: z
    .enum(['implicit', 'explicit'])
    .default('implicit')
    .describe('Explicit: the client must POST an authorisation before it gets the address for the person.'),
  authorisationResource: z
    .enum(['own', 'consent'])
    .default('own')
    .describe(
      'Embedded and decoupled. Consent: no authorisations below a consent, as in version 1.1; PUT /consents/{id} takes password and code, authenticationCurrentNumber in its query; links next and authoriseTransaction, no scaStatus, optMaxLength and optFormat: UniCredit/HVB.',
    ),
  confirmation: z
    .enum(['none', 'code'])
    .default('none')
    .describe('Redirect approach. Code: the return address carries confirmationCode, which must be PUT to finish.'),
  validUntil: z
    .enum(['as-asked', 'shortened'])
    .default('as-asked')
    .describe('Shortened: the bank gives half of the days that were asked for.'),
  olderConsents: z
    .enum(['kept', 'ended'])
    .default('kept')
    .describe('Ended: authorising a recurring consent ends the older ones of the same person and third party.'),
  latencyMs: z.int().min(0).max(30_000).default(0).describe('Milliseconds that every answer takes longer.'),
  flappingPercent: z.int().min(0).max(100).default(0).describe('Share of data calls that answer 503, drawn by seed.'),
};
