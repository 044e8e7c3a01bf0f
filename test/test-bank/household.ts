import { onTestFinished } from 'vitest';
import { loadScenario } from '../../src/test-bank/scenario/load-scenario.ts';
import { switchesSchema } from '../../src/test-bank/scenario/switches.ts';
import { linkedByApi } from './linked-by-api.ts';
import { noon, openBankAt } from './support.ts';

/** The default household at a bank with these switches until the test ends, and a consent that alice has authorised. */
export async function household(switches: object, more: object = {}, access?: object) {
  const scenario = await loadScenario();
  const bank = await openBankAt(noon, {
    scenario: { ...scenario, bank: { ...scenario.bank, ...more, switches: switchesSchema.parse(switches) } },
  });
  onTestFinished(() => bank.close());
  const { call, id } = await linkedByApi(bank, access);
  const [account] = (await call('GET', '/accounts')).json.accounts;
  const path = `/accounts/${account.resourceId}`;
  // oxlint-disable-next-line typescript/no-explicit-any -- odd answers are what these tests look at
  const booked = async (query = 'dateFrom=2026-02-01'): Promise<Record<string, any>[]> =>
    (await call('GET', `${path}/transactions?bookingStatus=booked&${query}`)).json.transactions.booked;
  return { bank, call, id, account, path, booked };
}
