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
