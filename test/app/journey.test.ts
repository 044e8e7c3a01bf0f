import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTributary, type Tributary } from '../../src/app/compose.ts';
import { readConfig } from '../../src/app/config.ts';
import { roles } from '../../src/app/roles.ts';
import { playJourney, type JourneyResult } from '../../src/cli/demo/journey.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { fromMinorUnits, toMinorUnits } from '../../src/kernel/money.ts';

const cast = {
  client: { id: 'sandbox', secret: 'sandbox-secret' },
  person: { login: 'alice', password: 'tributary1' },
};
const quiet = { step() {}, event() {} };

let directory: string;
let tributary: Tributary;
let journey: JourneyResult;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tributary-journey-'));
  const config = readConfig({ TRIBUTARY_DATA_DIR: directory, PORT: '0', TEST_BANK_PORT: '0' });
  tributary = await startTributary({ config, roles: new Set(roles), log: silentLog });
  journey = await playJourney(tributary.addresses.publicUrl ?? '', cast, quiet);
});

afterAll(async () => {
  await tributary?.shutdown.run();
  await rm(directory, { recursive: true, force: true });
});

describe('the whole road: bank, connector, sync, PostgreSQL, log, GraphQL', () => {
  it('streams every event of the link and its first sync, in order and without a gap', () => {
    const sequences = journey.events.map(({ sequence }) => Number(sequence));
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
    const milestones = journey.events
      .map(({ __typename }) => __typename)
      .filter((name) => !/Progress|Account|Transactions/.test(name));
    expect(milestones).toEqual([
      'ConnectionCreatedEvent',
      'ConsentRequestedEvent',
      'ConsentGrantedEvent',
      'ChannelStatusChangedEvent',
      'ConnectionStatusChangedEvent',
      'SyncQueuedEvent',
      'SyncStartedEvent',
      'SyncSucceededEvent',
    ]);
  });

  it('tells progress that never falls', () => {
    const percents = journey.events.flatMap(({ progressPercent }) => progressPercent ?? []);
    expect(percents.length).toBeGreaterThan(3);
    expect(percents).toEqual(percents.toSorted((left, right) => left - right));
  });

  it('ends with the rows that the bank serves over HTTP, each with a category', async () => {
    const created = journey.events.find(({ __typename }) => __typename === 'SyncSucceededEvent')?.counts?.created;
    expect(created).toBe(journey.transactionCount);
    expect(journey.transactionCount).toBeGreaterThan(500);
    expect(journey.accounts.every(({ status, balance }) => status === 'ACTIVE' && balance !== null)).toBe(true);
    const log = await fetch(`${tributary.addresses.testBankUrl}/control/calls`);
    expect(await log.text()).toContain('/transactions');
  });

  it('adds up the spending without losing a cent', () => {
    const sum = journey.spending.reduce(
      (total, { amount, currency }) => total + (toMinorUnits(amount, currency) ?? 0n),
      0n,
    );
    expect(Number(fromMinorUnits(sum, 'EUR'))).toBeGreaterThan(0);
    expect(journey.spending.map(({ category }) => category)).toContain('Housing');
  });
});
