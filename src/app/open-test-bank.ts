import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { startTestBank, type TestBank } from '../test-bank/server.ts';
import type { Config } from './config.ts';

/** The sandbox's bank: the operator's scenario or the one that comes with the program, its state kept over restarts. */
export async function openTestBank(config: Config, clock: Clock, log: Log): Promise<TestBank> {
  return startTestBank({
    host: config.host,
    port: config.testBankPort,
    clock,
    ...(config.testBankScenario === null ? {} : { scenario: config.testBankScenario }),
    control: true,
    // A developer's own file is served from the machine that he works on.
    scenarioHosts: 'public-and-loopback',
    stateFile: `${config.dataDirectory}/test-bank.json`,
    log,
  });
}
