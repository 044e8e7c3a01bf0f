import type { z } from 'zod';
import type { ScaApproach } from './sca-approach.ts';
import type { switchesSchema } from './switches.ts';

interface Profile {
  /** Where such a bank was seen. */
  readonly seenAt: string;
  /** Why its answers violate the published contract; null when they keep to it. */
  readonly violates: string | null;
  /** What it sets of `bank`; a scenario overrides each of it. */
  readonly bank: {
    readonly scaApproach?: ScaApproach;
    readonly historyDays?: number;
    readonly consentValidityDays?: number;
    readonly switches?: z.input<typeof switchesSchema>;
  };
}

const profile = (seenAt: string, violates: string | null, bank: Profile['bank']): Profile => ({
  seenAt,
  violates,
  bank,
});

/** Bundles of habits, each as one kind of bank has them. `bank.profile` of a scenario names one. */
export const profiles = {
  'well-behaved': profile('what the standard describes', null, {}),
  'numbers-as-amounts': profile('Commerzbank, comdirect', 'Amounts are JSON numbers.', {
    scaApproach: 'oauth-integrated',
    switches: {
      amounts: 'number',
      linkParameters: 'upper-case',
      text: 'keyword-split',
      endToEndIds: 'placeholder',
    },
  }),
  'mixed-amounts': profile(
    'Santander DE',
    'Amounts are strings and numbers, a balance type is its own, links are missing.',
    {
      scaApproach: 'oauth-integrated',
      switches: { amounts: 'mixed', balances: 'non-standard', links: 'missing' },
    },
  ),
  'unsigned-embedded': profile('UniCredit, HVB', 'Texts are longer than 140 characters, balance types are its own.', {
    scaApproach: 'embedded',
    switches: {
      sign: 'unsigned',
      text: 'overlong',
      balances: 'non-standard',
      psuIpAddress: 'always',
      psuId: 'required',
      startAuthorisation: 'explicit',
    },
  }),
  'version-1-1': profile('UniCredit, HVB (version 1.1)', 'Consents are authorised without authorisations.', {
    scaApproach: 'embedded',
    switches: { authorisationResource: 'consent', psuId: 'required', psuIpAddress: 'always', sign: 'unsigned' },
  }),
  'no-transaction-ids': profile('Fiducia (Volksbanken)', null, {
    switches: { ids: 'none', references: 'none', codes: 'proprietary' },
  }),
  'camt-052': profile('Sparkassen', null, {
    switches: { report: 'camt-052', pages: 'none' },
  }),
  'scattered-text': profile('Berliner Sparkasse, Stadtsparkasse Düsseldorf', null, {
    switches: { text: 'scattered', pending: 'placeholder-text' },
  }),
  mt940: profile('Bank-Verlag group', null, { switches: { report: 'mt940', pages: 'none' } }),
  'by-accept': profile('banks that write JSON, XML and text', null, { switches: { report: 'negotiated' } }),
  'pre-step': profile('ING', 'Reports have no links.', {
    scaApproach: 'oauth-pre-step',
    switches: { links: 'missing', text: 'labelled', ids: 'sequential', sign: 'unsigned' },
  }),
  'spaces-and-broken-next': profile('N26', null, {
    scaApproach: 'oauth-pre-step',
    switches: {
      consentModels: ['global'],
      accountNumbers: 'spaces',
      standingOrders: 'shown',
      balances: 'expected-only',
      amounts: 'one-decimal',
      text: 'dash',
      ids: 'duplicate',
      pages: 'broken-next',
      history: 'full-first-15-minutes',
      oldDates: 'refused',
    },
  }),
  decoupled: profile('N26, DKB, Deutsche Bank', null, { scaApproach: 'decoupled', switches: { psuId: 'required' } }),
  embedded: profile('Volksbanken, Sparkassen', null, {
    scaApproach: 'embedded',
    switches: { startAuthorisation: 'explicit' },
  }),
  'no-references': profile('Barclays, Lloyds, Halifax', null, {
    switches: { ids: 'none', references: 'none', endToEndIds: 'placeholder', bookingStatuses: 'booked-only' },
  }),
  'repeated-pages': profile('Monzo', null, { switches: { pages: 'duplicates-across-pages' } }),
  'endless-pages': profile('seen through Enable Banking', null, { switches: { pages: 'endless' } }),
  'numbered-pages': profile('Connexis (BNP Paribas CIB)', null, {
    switches: { pages: 'page-number', resourceIds: 'per-consent' },
  }),
  'shifting-dates': profile('Knab, ABN AMRO before 2021', null, { switches: { dates: 'shifting-value' } }),
  'text-in-lines': profile('ABN AMRO', null, {
    switches: { text: 'array', parties: 'in-text', dates: 'date-time', runningBalance: 'shown' },
  }),
  'shuffled-lines': profile('BoursoBank', null, {
    switches: { text: 'array-shuffled', parties: 'none', foreignAmounts: 'in-text' },
  }),
  narrative: profile('BNP Paribas Fortis, Fintro, Hello bank BE', null, {
    switches: { text: 'narrative', parties: 'none' },
  }),
  'masked-card-as-iban': profile(
    'American Express',
    'A masked card number stands in iban, a balance type is its own.',
    {
      switches: { accountNumbers: 'masked-pan-in-iban', balances: 'information-only' },
    },
  ),
  'inverted-cards': profile('Cetelem PT', null, { switches: { sign: 'inverted-cards' } }),
  'non-invoiced-cards': profile('SEB Kort', null, {
    switches: { sign: 'inverted-cards', balances: 'non-invoiced-cards', text: 'additional-information' },
  }),
  'foreign-amounts-in-place': profile('Entercard', null, { switches: { foreignAmounts: 'in-place' } }),
  'exchange-object': profile('seen through GoCardless', 'currencyExchange is an object instead of a list.', {
    switches: { foreignAmounts: 'exchange-object' },
  }),
  'debit-accounting': profile('card issuers that declare it', null, { switches: { sign: 'debit-accounting' } }),
  'changing-ids': profile('Nationwide', null, { switches: { ids: 'malformed', pending: 'future-dated' } }),
  'ids-when-booked': profile('NBG', null, { switches: { ids: 'none-until-booked', pending: 'unsigned' } }),
  'placeholder-ids': profile('ING RO', null, { switches: { ids: 'placeholder', pending: 'other-case' } }),
  'duplicate-ids': profile('Belfius', null, { switches: { ids: 'duplicate' } }),
  'undated-pending': profile('Norwegian', null, {
    switches: { pending: 'undated', balances: 'credit-line-included' },
  }),
  'holder-as-debtor': profile('Alior', null, { switches: { parties: 'holder', text: 'additional-information' } }),
  'card-date-in-text': profile('LHV, Swedbank', null, { switches: { dates: 'card-date-in-text', parties: 'none' } }),
  'repayment-dates': profile('Danske', null, { switches: { dates: 'repayment-value' } }),
  'ninety-days': profile('BRED, Fortuneo, BBVA, Revolut and about 50 more', null, {
    historyDays: 89,
    switches: { oldDates: 'refused' },
  }),
  'dates-ignored': profile('seen through Enable Banking', null, { switches: { dateFilter: 'ignored', pages: 'none' } }),
  'pending-apart': profile('seen through Enable Banking', null, { switches: { bookingStatuses: 'separately' } }),
  'escaped-text': profile('Hype', null, { switches: { text: 'escaped', codes: 'proprietary' } }),
  'noisy-text': profile('Bankinter', null, { switches: { text: 'semicolons', parties: 'none' } }),
  'gateway-errors': profile('gateways before many banks', null, {
    switches: { errors: 'spring', flappingPercent: 5 },
  }),
  'problem-errors': profile('banks that follow RFC 7807', null, {
    switches: { errors: 'problem-json', links: 'relative' },
  }),
  'confirmed-return': profile('banks that guard the return of the browser', null, {
    switches: { confirmation: 'code' },
  }),
  'short-consents': profile('banks that still stay at 90 days', null, {
    consentValidityDays: 90,
    switches: { validUntil: 'shortened', olderConsents: 'ended', rate: 'account' },
  }),
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof profiles;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the literal above
export const profileNames = Object.keys(profiles) as ProfileName[];
