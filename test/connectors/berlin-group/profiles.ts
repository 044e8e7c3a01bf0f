import type { ProfileName } from '../../../src/test-bank/scenario/profiles.ts';
import type { Profile } from '../contract/subject.ts';

type Told = Omit<Profile, 'name' | 'bankProfile'>;

const preStep = { preStepScope: 'AIS' } as const;

/**
 * For every kind of bank that the test bank can be: the quirks of its provider's entry, and what it keeps to itself. But
 * for the one at which every account is a card: see card-accounts.test.ts.
 */
const toldByProfile: Readonly<Record<Exclude<ProfileName, 'masked-card-as-iban'>, Told>> = {
  'well-behaved': { quirks: { cardAccounts: 'listed' } },
  'numbers-as-amounts': {},
  'mixed-amounts': { quirks: { paging: 'windows' }, lacksBookedBalance: true },
  'unsigned-embedded': {
    access: 'sign-in',
    quirks: { amountSign: 'unsigned', psuIpAddress: 'always' },
    lacksBookedBalance: true,
  },
  'version-1-1': { access: 'sign-in', quirks: { amountSign: 'unsigned', psuIpAddress: 'always' } },
  'no-transaction-ids': { lacksIds: true },
  'camt-052': {},
  'scattered-text': {},
  mt940: { quirks: { pending: 'separately', reportFormat: 'text' } },
  'by-accept': { quirks: { reportFormat: 'xml' } },
  'pre-step': { quirks: { ...preStep, paging: 'windows', amountSign: 'unsigned' } },
  'spaces-and-broken-next': {
    quirks: { ...preStep, consentAccess: 'global' },
    lacksIds: true,
    lacksBookedBalance: true,
  },
  decoupled: { access: 'sign-in' },
  embedded: { access: 'sign-in' },
  'no-references': { quirks: { pending: 'never' }, lacksIds: true },
  'repeated-pages': {},
  'endless-pages': {},
  'numbered-pages': {},
  'shifting-dates': {},
  'text-in-lines': { lacksBookingDates: true },
  'shuffled-lines': {},
  narrative: {},
  'inverted-cards': { quirks: { cardAccounts: 'listed', cardAmountSign: 'inverted' } },
  'non-invoiced-cards': {
    quirks: { cardAccounts: 'listed', cardAmountSign: 'inverted', cardBalance: 'non-invoiced-minus-expected' },
  },
  'foreign-amounts-in-place': { quirks: { billingAmount: 'in-text' } },
  'exchange-object': {},
  'debit-accounting': { quirks: { cardAccounts: 'listed' } },
  'changing-ids': {},
  'ids-when-booked': {},
  'placeholder-ids': { lacksIds: true },
  'duplicate-ids': { lacksIds: true },
  'undated-pending': { lacksBookedBalance: true },
  'holder-as-debtor': {},
  'card-date-in-text': {},
  'repayment-dates': {},
  'ninety-days': { days: 89 },
  'dates-ignored': {},
  'pending-apart': { quirks: { pending: 'separately' } },
  'escaped-text': {},
  'noisy-text': {},
  'gateway-errors': {},
  'problem-errors': {},
  'confirmed-return': {},
  'short-consents': {},
};

/** One bank for each of the test bank's bundles of habits. */
export const bankProfiles: readonly Profile[] = Object.entries(toldByProfile).map(([bankProfile, told]) => ({
  name: `the habits of ${bankProfile}`,
  bankProfile,
  ...told,
}));

/** Habits that no bundle has, put together so that each is read. */
export const furtherProfiles: readonly Profile[] = [
  {
    name: 'a consent for the accounts by their IBAN, found by one that lists them',
    quirks: { consentAccess: 'detailed' },
  },
  { name: 'owner names', quirks: { consentAccess: 'global-with-owner-name' } },
  {
    name: 'an explicit start, links without the prefix, no list of cards',
    switches: { startAuthorisation: 'explicit', links: 'without-prefix', cards: 'none' },
    quirks: { cardAccounts: 'listed' },
  },
  {
    name: 'cards among the accounts, empty links, reports that are cut',
    switches: { cards: 'accounts', links: 'empty-object' },
    quirks: { paging: 'windows' },
  },
  {
    name: 'unsigned amounts, broken next links and value dates only',
    switches: { sign: 'unsigned', pages: 'broken-next', dates: 'value-only', text: 'structured' },
    quirks: { amountSign: 'unsigned' },
    lacksBookingDates: true,
  },
  {
    name: 'no pending entries, available balances only, proprietary accounts',
    switches: { pending: 'none', balances: 'available-only', accountNumbers: 'bban', report: 'camt-053' },
    quirks: { pending: 'separately' },
    lacksBookedBalance: true,
  },
  {
    name: 'interim balances, dashed account numbers, labels, balances in reports',
    switches: { balances: 'interim', accountNumbers: 'dashed', text: 'labelled', reportBalances: 'always' },
  },
  {
    name: 'no account numbers and no pages',
    switches: { accountNumbers: 'none', pages: 'none', text: 'cut-140', codes: 'none', ids: 'changing-on-booking' },
  },
  {
    name: 'booking dates alone, end-to-end ids, links to details, no owner names, one limit for all calls',
    switches: {
      dates: 'booking-only',
      endToEndIds: 'shown',
      transactionDetails: 'linked',
      ownerNames: 'none',
      rate: 'consent',
      delta: 'all',
    },
    quirks: { consentAccess: 'global-with-owner-name' },
  },
  { name: 'reports after an entry', quirks: { delta: 'entry-reference' } },
  {
    name: 'reports after an entry, pending entries apart, pages that overlap',
    switches: { bookingStatuses: 'separately', pages: 'duplicates-across-pages' },
    quirks: { delta: 'entry-reference', pending: 'separately' },
  },
  { name: 'no delta reports, one purchase abroad in the text', switches: { delta: 'none', foreignAmounts: 'none' } },
];
