import { manualClock } from '../../../src/kernel/clock.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { generatedConnector, generatedWorld } from '../../support/generated-bank.ts';

// Syncs one account of so many transactions, twice. Its heap is bounded by whoever starts it.
const [, , url = '', count = '', days = ''] = process.argv;
const clock = manualClock(new Date('2026-03-02T12:00:00.000Z'));
const database = openDatabase({ url, maxConnections: 4 });
const connector = generatedConnector({
  today: '2026-03-02',
  count: Number(count),
  days: Number(days),
  pageSize: 1_000,
  padding: 1_000,
});
const world = await generatedWorld(database, connector, clock);
process.stdout.write(`${await world.sync()} `);
clock.advance(86_400_000);
process.stdout.write(await world.sync());
await database.close();
