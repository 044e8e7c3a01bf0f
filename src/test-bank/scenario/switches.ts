import { z } from 'zod';
import { accessSwitches } from './access-switches.ts';

/**
 * How a bank departs from the standard, one switch per habit. Every default is the well-behaved value, so that a
 * scenario names only what is odd about its bank.
 */
export const switchesSchema = z
  .strictObject({
    amounts: z
      .enum(['string', 'number', 'mixed'])
      .default('string')
      .describe('How amounts are written. Numbers: Commerzbank, comdirect. Mixed: Santander DE.'),
    sign: z
      .enum(['signed', 'unsigned'])
      .default('signed')
      .describe('Unsigned drops the minus of debits: UniCredit/HVB, ING AT, Deutsche Bank.'),
    ids: z
      .enum(['stable', 'none', 'duplicate', 'placeholder', 'changing-on-booking'])
      .default('stable')
      .describe(
        'Transaction ids. None: Fiducia. Duplicate: Belfius, N26. Placeholder (NOTPROVIDED): ING RO. Changing when booked: NBG, Nationwide.',
      ),
    pending: z
      .enum(['shown', 'none', 'undated', 'future-dated', 'unsigned'])
      .default('shown')
      .describe('Pending entries. Undated: Norwegian. Future-dated: Nationwide. Unsigned: NBG.'),
    dates: z
      .enum(['both', 'booking-only', 'value-only'])
      .default('both')
      .describe('Which dates booked entries carry. Value date only: ABN AMRO.'),
    text: z
      .enum(['unstructured', 'array', 'array-shuffled', 'structured', 'additional-information', 'cut-140'])
      .default('unstructured')
      .describe(
        'Where the remittance text is. Shuffled lines: BoursoBank. Structured: Abanca. Additional information: BNP, SEB. Cut at 140: Commerzbank.',
      ),
    pages: z
      .enum(['next-link', 'none', 'broken-next', 'duplicates-across-pages'])
      .default('next-link')
      .describe('Paging. None: everything at once. Broken next link: N26. Duplicates: Monzo.'),
    links: z
      .enum(['absolute', 'relative', 'missing', 'empty-object'])
      .default('absolute')
      .describe('Links of data answers. Missing: ING, Santander DE. The links of consents are always there.'),
    balances: z
      .enum(['booked-and-expected', 'expected-only', 'available-only', 'non-standard'])
      .default('booked-and-expected')
      .describe('Balance types. Expected only: N26. Non-standard types: Santander DE, American Express.'),
    errors: z
      .enum(['tpp-messages', 'problem-json', 'spring', 'html'])
      .default('tpp-messages')
      .describe('The shape of errors. Spring: gateways before the bank. HTML: internal errors of many.'),
    rate: z
      .enum(['endpoint', 'account', 'consent'])
      .default('endpoint')
      .describe('What the limit of unattended calls is counted by: each address, each account, or the whole consent.'),
    resourceIds: z
      .enum(['stable', 'per-consent'])
      .default('stable')
      .describe('Whether the ids of accounts in addresses survive a new consent.'),
    cards: z
      .enum(['card-accounts', 'accounts', 'none'])
      .default('card-accounts')
      .describe(
        'Where card accounts are shown: on their own list, among the accounts (as STET banks do), or not at all.',
      ),
    startAuthorisation: z
      .enum(['implicit', 'explicit'])
      .default('implicit')
      .describe('Explicit: the client must POST an authorisation before it gets the address for the person.'),
    confirmation: z
      .enum(['none', 'code'])
      .default('none')
      .describe('Redirect approach. Code: the return address carries confirmationCode, which must be PUT to finish.'),
    psuId: z
      .enum(['optional', 'required'])
      .default('optional')
      .describe('Required: POST /consents must name the person in PSU-ID. Deutsche Bank, UniCredit.'),
    history: z
      .enum(['always', 'full-first-15-minutes'])
      .default('always')
      .describe('The full history only during the first 15 minutes of a consent, 90 days later on: N26.'),
    validUntil: z
      .enum(['as-asked', 'shortened'])
      .default('as-asked')
      .describe('Shortened: the bank gives half of the days that were asked for.'),
    olderConsents: z
      .enum(['kept', 'ended'])
      .default('kept')
      .describe('Ended: authorising a recurring consent ends the older ones of the same person and third party.'),
    ...accessSwitches,
    latencyMs: z.int().min(0).max(30_000).default(0).describe('Milliseconds that every answer takes longer.'),
    flappingPercent: z.int().min(0).max(100).default(0).describe('Share of data calls that answer 503, drawn by seed.'),
  })
  .prefault({});

export type Switches = z.output<typeof switchesSchema>;
