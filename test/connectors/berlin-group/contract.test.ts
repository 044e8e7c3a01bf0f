import { createBerlinGroupConnector } from '../../../src/connectors/berlin-group/connector.ts';
import { describeConnector } from '../contract.ts';
import { bankFailures, consentFailures, type FailureCase } from '../contract/failures.ts';
import type { ContractSubject } from '../contract/subject.ts';
import { bankProfiles, furtherProfiles } from './profiles.ts';

const subject: Pick<ContractSubject, 'createConnector' | 'endpointAt'> = {
  createConnector: (http, identities) => createBerlinGroupConnector(http, identities),
  endpointAt: (bankUrl, { quirks = {} }) => ({
    baseUrl: `${bankUrl}/berlin-group/v1`,
    timeZone: 'Europe/Paris',
    // Before a consent there is no link that names the authorization server.
    quirks: 'preStepScope' in quirks ? { oauth: { issuer: `${bankUrl}/oauth` }, ...quirks } : quirks,
  }),
};

const readingFailures = [...bankFailures, ...consentFailures];
const attended = (code: FailureCase['code'], login = code.toLowerCase()): FailureCase => ({
  login,
  code,
  during: 'access',
});

/** The same for whoever is asked through us, in the app or for a code. */
const signInFailures = [
  ...readingFailures,
  attended('SCA_FAILED'),
  attended('CONSENT_REJECTED'),
  // A time that ran out is told as any other failure: the consent is rejected.
  attended('SCA_FAILED', 'sca_timeout'),
];

const signIn = {
  credentialsOf: ({ login, password }) => ({ psuId: login, password }),
  limitsUnattended: true,
  hasConsents: true,
} as const satisfies Partial<ContractSubject['signIn']>;

describeConnector({
  ...subject,
  profiles: [...bankProfiles, ...furtherProfiles],
  redirect: {
    profiles: [
      { name: 'no oddities' },
      { name: 'an explicit start', switches: { startAuthorisation: 'explicit' } },
      { name: 'a confirmation code', switches: { confirmation: 'code' } },
      { name: 'OAuth2 after the consent', bank: { scaApproach: 'oauth-integrated' } },
      { name: 'OAuth2 before the consent', bank: { scaApproach: 'oauth-pre-step' }, quirks: { preStepScope: 'AIS' } },
    ],
    letsChooseAccounts: true,
    limitsUnattended: true,
    hasConsents: true,
    failures: readingFailures,
  },
  signIn: {
    ...signIn,
    profiles: [
      { name: 'codes through us', bankProfile: 'embedded' },
      { name: 'codes through us, started by the bank', bank: { scaApproach: 'embedded' } },
      {
        name: 'codes through us, as in version 1.1',
        bank: { scaApproach: 'embedded' },
        switches: { authorisationResource: 'consent', psuId: 'required' },
      },
    ],
    challenges: ['OTP', 'APP_APPROVAL'],
    failures: [
      ...signInFailures,
      attended('CREDENTIALS_INVALID'),
      attended('ACCOUNT_LOCKED'),
      // The interface has one word for whatever bars a person.
      attended('ACCOUNT_LOCKED', 'password_change_required'),
      attended('ACCOUNT_LOCKED', 'bank_user_action_required'),
    ],
  },
});

describeConnector({
  ...subject,
  profiles: [],
  signIn: {
    ...signIn,
    profiles: [
      { name: 'approval in its app', bankProfile: 'decoupled' },
      {
        name: 'approval in its app, an explicit start',
        bank: { scaApproach: 'decoupled' },
        switches: { startAuthorisation: 'explicit' },
      },
    ],
    challenges: ['APP_APPROVAL'],
    failures: signInFailures,
  },
});
