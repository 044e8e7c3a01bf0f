import type { ProviderId } from '../kernel/id.ts';
import { saveProvider } from '../store/providers.ts';
import type { ActionContext } from './context.ts';

/**
 * Puts the test bank on the list of providers, at the address where it listens now. For a sandbox only. Its history is
 * as deep as its scenario, so that a new integrator has data to look at.
 */
export async function installTestBank(
  context: Pick<ActionContext, 'database' | 'clock'>,
  testBankUrl: string,
): Promise<ProviderId> {
  return context.database.db.transaction((tx) =>
    saveProvider(
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
            accountTypes: ['CHECKINGS', 'CREDIT_CARD'],
            historyDays: 730,
          },
        ],
      },
      context.clock.now(),
    ),
  );
}
