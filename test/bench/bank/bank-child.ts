import { manualClock } from '../../../src/kernel/clock.ts';
import { parseScenario } from '../../../src/test-bank/scenario/parse-scenario.ts';
import { startTestBank } from '../../../src/test-bank/server.ts';

/** A bank with one account of many entries, whose person authorises with the password alone, in a process of its own. */
const transactionsPerDay = 20;
const { scenario, problems } = parseScenario(
  JSON.stringify({
    seed: 'bench',
    epoch: '2024-01-01',
    bank: {
      name: 'Bench',
      scaApproach: 'embedded',
      pageSize: 100,
      unattendedCallsPerDay: 1_000_000,
      historyDays: 3650,
      switches: { stetConsent: 'full-aisp' },
      portal: { pageSize: 100 },
    },
    people: [{ id: 'p', name: 'Person', login: 'p', password: 'p' }],
    accounts: [
      {
        id: 'busy',
        owners: ['p'],
        type: 'checking',
        name: 'Busy',
        openingBalance: '0',
        transactions: [
          {
            every: { days: 1 },
            times: transactionsPerDay,
            kind: 'card',
            amount: { min: '-90.00', max: '-1.00' },
            merchants: [{ name: 'CARREFOUR MARKET', city: 'LYON', categoryCode: '5411' }],
            text: 'FACTURE CARTE DU {ddmmyy} {merchant} {city} CARTE 4974XXXXXXXX1234',
          },
        ],
      },
    ],
  }),
);
if (!scenario) throw new Error(JSON.stringify(problems));
const bank = await startTestBank({ scenario, clock: manualClock(new Date('2026-03-10T12:00:00Z')) });
process.stdout.write(`${bank.url}/\n`);
process.once('SIGTERM', () => void bank.close().then(() => process.exit(0)));
