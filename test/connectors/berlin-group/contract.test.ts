import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { describeConnector } from '../contract.ts';
import { bankFailures, consentFailures } from '../contract/failures.ts';

describeConnector({
  createConnector: (http) => createBerlinGroupConnector(http),
  endpointAt: (bankUrl, profile) => ({
    baseUrl: `${bankUrl}/berlin-group/v1`,
    timeZone: 'Europe/Paris',
    quirks: profile.quirks ?? {},
  }),
  profiles: [
    { name: 'no oddities' },
    { name: 'a global consent', quirks: { consentAccess: 'global' } },
    {
      name: 'mixed amounts, structured text, relative links, an explicit start and pages that overlap',
      switches: {
        amounts: 'mixed',
        text: 'structured',
        links: 'relative',
        startAuthorisation: 'explicit',
        pages: 'duplicates-across-pages',
        errors: 'problem-json',
      },
    },
    {
      name: 'unsigned amounts, no ids, broken next links and undated pending entries',
      switches: { sign: 'unsigned', ids: 'none', pages: 'broken-next', pending: 'undated', text: 'array' },
      quirks: { amountSign: 'unsigned' },
      lacksIds: true,
    },
    {
      name: 'placeholders for ids, one page, no links, value dates only',
      switches: { ids: 'placeholder', pages: 'none', links: 'missing', dates: 'value-only', balances: 'expected-only' },
      lacksIds: true,
      lacksBookingDates: true,
      lacksBookedBalance: true,
    },
    {
      name: 'no pending entries, shuffled lines, balances of its own',
      switches: { pending: 'none', text: 'array-shuffled', balances: 'non-standard', amounts: 'number' },
      quirks: { pending: 'separately' },
      lacksBookedBalance: true,
    },
  ],
  redirect: {
    profiles: [{ name: 'no oddities' }],
    letsChooseAccounts: true,
    limitsUnattended: true,
    hasConsents: true,
    failures: [...bankFailures, ...consentFailures],
  },
});
