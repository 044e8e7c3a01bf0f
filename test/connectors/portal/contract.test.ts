import { createPortalConnector } from '../../../src/connectors/portal/connector.ts';
import { describeConnector } from '../contract.ts';
import { bankFailures, credentialFailures, portalFailures } from '../contract/failures.ts';

/** The page after the log-in already shows accounts, so that a bank that fails does so before access is given. */
const failuresAfterLogIn = bankFailures
  // A bank that never answers is met in failures.test.ts, by a client with less patience.
  .filter(({ code }) => code !== 'BANK_TIMEOUT')
  .map((failure) => (failure.code.startsWith('BANK_') ? ({ ...failure, during: 'access' } as const) : failure));

/** Before the first sign-in nobody knows whether the bank would send a code, so that nothing is tried unattended. */
const attendedFailures = portalFailures.filter(({ during }) => during !== 'unattended access');

describeConnector({
  createConnector: (http) => createPortalConnector(http),
  endpointAt: (bankUrl, { quirks }) => ({
    baseUrl: `${bankUrl}/portal`,
    timeZone: 'Europe/Paris',
    quirks: quirks ?? {},
  }),
  profiles: [
    { name: 'the first layout', lacksIds: true },
    { name: 'the second layout', bank: { portal: { layout: 'v2' } } },
    {
      name: 'spaces between thousands and short pages',
      bank: { portal: { pageSize: 7, thousands: 'space' } },
      lacksIds: true,
    },
    { name: 'long pages of the second layout', bank: { portal: { layout: 'v2', pageSize: 500, thousands: 'none' } } },
  ],
  signIn: {
    profiles: [
      { name: 'the first layout', bank: { portal: { layout: 'v1' } } },
      { name: 'the second layout', bank: { portal: { layout: 'v2', thousands: 'no-break' } } },
    ],
    credentialsOf: ({ login, password }) => ({ login, password }),
    challenges: ['OTP', 'APP_APPROVAL'],
    limitsUnattended: false,
    hasConsents: false,
    codeAfterRevocation: 'SCA_REQUIRED',
    failures: [
      ...failuresAfterLogIn,
      ...credentialFailures,
      ...attendedFailures,
      { login: 'account_type_unsupported', code: 'ACCOUNT_TYPE_UNSUPPORTED', during: 'reading' },
      { login: 'sca_required', code: 'SCA_REQUIRED', during: 'unattended access' },
    ],
  },
});
