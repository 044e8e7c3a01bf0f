import { accountTypes } from '../domain/account.ts';
import type { ProviderId } from '../kernel/id.ts';
import { saveProvider, type ProviderEntry } from '../store/providers.ts';
import type { CredentialField } from '../store/schema/providers.ts';
import type { ActionContext } from './context.ts';

/** The log-in form of its online banking. The last field is the test bank's own: another scenario for this sign-in. */
const credentialFields: CredentialField[] = [
  {
    name: 'login',
    label: { en: 'Customer number', fr: 'Numéro client' },
    isSecret: false,
    isRequired: true,
    maxLength: 70,
  },
  { name: 'password', label: { en: 'Password', fr: 'Mot de passe' }, isSecret: true, isRequired: true, maxLength: 70 },
  {
    name: 'scenario',
    label: { en: 'Address of your scenario file (optional)', fr: 'Adresse de votre fichier de scénario (facultatif)' },
    isSecret: false,
    isRequired: false,
    maxLength: 500,
  },
];

/**
 * Puts the test bank on the list of providers, at the address where it listens now, with its two ways of access. For a
 * sandbox only. Its history is as deep as its scenario, so that a new integrator has data to look at.
 */
export async function installTestBank(
  context: Pick<ActionContext, 'database' | 'clock'>,
  testBankUrl: string,
): Promise<ProviderId> {
  return context.database.db.transaction(async (tx) => {
    await saveProvider(tx, stetEntry(testBankUrl), context.clock.now());
    return saveProvider(
      tx,
      {
        provider: {
          slug: 'test-bank',
          name: 'Tributary Test Bank',
          country: 'FR',
          bic: 'TRIBFRPPXXX',
          websiteUrl: testBankUrl,
          isTest: true,
          isEnabled: true,
        },
        channels: [
          {
            kind: 'REDIRECT',
            dialect: 'berlin-group',
            baseUrl: `${testBankUrl}/berlin-group/v1`,
            timeZone: 'Europe/Paris',
            quirks: { cardAccounts: 'listed' },
            accountTypes: ['CHECKINGS', 'CREDIT_CARD'],
            historyDays: 730,
          },
          {
            kind: 'EMBEDDED',
            dialect: 'portal',
            baseUrl: `${testBankUrl}/portal`,
            timeZone: 'Europe/Paris',
            accountTypes: [...accountTypes],
            credentialFields,
            historyDays: 730,
          },
        ],
      },
      context.clock.now(),
    );
  });
}

/** The same bank by the interface of most French banks: one provider has one interface of a kind, so it is another. */
function stetEntry(testBankUrl: string): ProviderEntry {
  return {
    provider: {
      slug: 'test-bank-stet',
      name: 'Tributary Test Bank (STET)',
      country: 'FR',
      bic: 'TRIBFRPPXXX',
      websiteUrl: testBankUrl,
      isTest: true,
      isEnabled: true,
    },
    channels: [
      {
        kind: 'REDIRECT',
        dialect: 'stet',
        baseUrl: `${testBankUrl}/stet/v1`,
        timeZone: 'Europe/Paris',
        quirks: { oauth: { issuer: `${testBankUrl}/oauth` } },
        accountTypes: ['CHECKINGS', 'CREDIT_CARD'],
        historyDays: 730,
      },
    ],
  };
}
