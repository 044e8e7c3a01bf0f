import { createStetConnector } from '../../../src/connectors/stet/connector.ts';
import { profiles } from '../../../src/test-bank/scenario/profiles.ts';
import { describeConnector } from '../contract.ts';
import type { Profile } from '../contract/subject.ts';
import { bankFailures, consentFailures } from '../contract/failures.ts';

/** What a bundle of habits leaves to be compared, and the quirks that tell of it. */
const tellings: Readonly<Record<string, Partial<Profile>>> = {
  'mixed-amounts': { lacksBookedBalance: true },
  'unsigned-embedded': { lacksBookedBalance: true },
  'no-transaction-ids': { lacksIds: true },
  'no-references': { lacksIds: true },
  'spaces-and-broken-next': { lacksIds: true, lacksBookedBalance: true },
  'masked-card-as-iban': { lacksBookedBalance: true },
  'placeholder-ids': { lacksIds: true },
  'duplicate-ids': { lacksIds: true },
  'undated-pending': { lacksBookedBalance: true },
  'ninety-days': { days: 88, quirks: { historyDays: 89 } },
};

describeConnector({
  createConnector: (http, identities) => createStetConnector(http, identities),
  endpointAt: (bankUrl, { quirks }) => ({
    baseUrl: `${bankUrl}/stet/v1`,
    timeZone: 'Europe/Paris',
    quirks: { oauth: { issuer: `${bankUrl}/oauth` }, ...quirks },
  }),
  profiles: [
    ...Object.keys(profiles).map((bankProfile) => ({
      name: `the habits ${bankProfile}`,
      bankProfile,
      ...tellings[bankProfile],
    })),
    { name: 'text as an object (1.6)', switches: { stetVersion: '1.6' }, quirks: { version: '1.6' } },
    {
      name: 'an approval that opens everything',
      switches: { stetConsent: 'full-aisp' },
      quirks: { consentModel: 'full-aisp', ownerName: 'not-asked' },
    },
    { name: 'an approval that opens everything, taken for a detailed one', switches: { stetConsent: 'full-aisp' } },
    { name: 'entries after an entry', quirks: { delta: 'entry-reference' } },
    {
      name: 'entries after an entry (1.6)',
      switches: { stetVersion: '1.6' },
      quirks: { version: '1.6', delta: 'entry-reference' },
    },
    {
      name: 'one plain text and pages that overlap',
      switches: { text: 'additional-information', pages: 'duplicates-across-pages' },
    },
    { name: 'no cards and no pending entries', switches: { cards: 'none', pending: 'none' } },
    {
      name: 'its balance of the moment under another name (BPCE)',
      switches: { balances: 'non-standard' },
      quirks: { balanceTypes: { VALU: 'CLOSING_BOOKED', OTHR: 'EXPECTED' } },
    },
  ],
  redirect: {
    profiles: [
      { name: 'a detailed consent and rotating tokens' },
      {
        name: 'a full one, static tokens that live a minute, and version 1.6',
        bank: { accessTokenSeconds: 61 },
        switches: { stetConsent: 'full-aisp', refreshTokens: 'static', stetVersion: '1.6' },
        quirks: { consentModel: 'full-aisp', version: '1.6' },
      },
    ],
    // Access is to all accounts that the person may share: STET has no page of the bank for a choice.
    letsChooseAccounts: false,
    tellsValidity: false,
    limitsUnattended: true,
    hasConsents: true,
    failures: [...bankFailures, ...consentFailures],
  },
});
