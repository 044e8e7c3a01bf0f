import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { newWebhookKeys } from '../../../src/actions/webhook-secret.ts';
import { createSigner, type Signer } from '../../../src/events/webhook-signature.ts';
import { createWebhook } from '../../../src/actions/create-webhook.ts';
import { startEmbeddedPostgres } from '../../../src/app/embedded-postgres.ts';
import { migrateDatabase } from '../../../src/app/migrate-database.ts';
import { scopeOf } from '../../../src/domain/viewer.ts';
import { startDelivery } from '../../../src/jobs/deliver-webhooks.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { createDataKeys } from '../../../src/store/data-keys.ts';
import { openDatabase, type Database } from '../../../src/store/database.ts';
import { mergeLedgers } from '../../../src/sync/merge-ledgers.ts';
import { createVault } from '../../../src/vault/create-vault.ts';
import { generateKey, parseKeyRing } from '../../../src/vault/key-ring.ts';
import type { Benchmark, Figure, RunOptions } from '../benchmark.ts';
import { startChildServer, type ChildServer } from '../child-server.ts';
import { appendForMany, insertMembers } from '../fan-out/log-of-many.ts';
import { median, ratios, spread } from '../statistics.ts';

const program = fileURLToPath(new URL('receiver.ts', import.meta.url));
const users = 100;
const endpointCounts = [1, 8];
const deliveriesPerRound = 4000;
/** As many as an endpoint is sent at once. */
const requestsAtOnce = 32;

/** Webhooks from the commit to the receiver, against bare requests of the same size. */
export const webhooks: Benchmark = {
  name: 'webhooks',
  about: 'webhook deliveries per second at 1 and 8 endpoints, against bare undici requests of the same size',
  async run(options) {
    const directory = await mkdtemp(join(tmpdir(), 'tributary-bench-webhooks-'));
    await chmod(directory, 0o755);
    const server = await startEmbeddedPostgres({
      dataDirectory: directory,
      log: silentLog,
      settings: { fsync: 'off' },
    });
    const receiver = await startChildServer({ program: [program], environment: {} });
    try {
      await migrateDatabase(server.url, silentLog);
      const database = openDatabase({ url: server.url });
      const figures: Figure[] = [];
      for (const endpoints of endpointCounts) figures.push(...(await compare(database, receiver, endpoints, options)));
      await database.close();
      return { columns, figures, notes };
    } finally {
      await receiver.stop();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function compare(
  database: Database,
  receiver: ChildServer,
  endpoints: number,
  { rounds, tell }: RunOptions,
): Promise<Figure[]> {
  await database.sql`truncate clients, event_streams cascade`;
  const members = await insertMembers(database.sql, users);
  const actions = {
    database,
    clock: systemClock,
    connectors: new Map(),
    vault: createVault(parseKeyRing(generateKey('bench')), createDataKeys(database, systemClock)),
    log: silentLog,
    mergeLedgers,
    publicUrl: receiver.url,
    isLoopbackAllowed: true,
  };
  const scope = scopeOf({ kind: 'client', clientId: members.clientId, permissions: new Set() });
  if (!scope) throw new Error('A client has a scope.');
  const input = { types: ['account.updated' as const], isOrdered: false, after: null };
  for (let index = 0; index < endpoints; index += 1) {
    await createWebhook(actions, scope, { ...input, url: `${receiver.url}/${index}` });
  }
  const each = deliveriesPerRound / endpoints / users;
  const delivery = await startDelivery(actions);
  const bare: Sent[] = [];
  const signed: Sent[] = [];
  const delivered: Sent[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      tell(`webhooks: ${endpoints} endpoints, round ${round} of ${rounds}`);
      const sent = [
        await timed(receiver, () => sendBare(receiver, endpoints, null)),
        await timed(receiver, () => sendBare(receiver, endpoints, signer)),
        await timed(receiver, () => appendForMany(database, members, users, each, () => {})),
      ] as const;
      // The first round warms both up; then the planner is told of the tables, as it would be after the first minute.
      if (round === 0) {
        await database.sql`analyze`;
        continue;
      }
      bare.push(sent[0]);
      signed.push(sent[1]);
      delivered.push(sent[2]);
    }
  } finally {
    await delivery.stop();
  }
  return [
    figure(endpoints, 'bare requests', bare, bare),
    figure(endpoints, 'signed requests', signed, bare),
    figure(endpoints, 'webhooks', delivered, bare),
  ];
}

interface Sent {
  readonly perSecond: number;
  /** Of this process, all its threads. */
  readonly processorMicroseconds: number;
}

/** Deliveries per second, from the beginning of the work until the receiver has everything, and what one costs. */
async function timed(receiver: ChildServer, work: () => Promise<void>): Promise<Sent> {
  const before = await receivedBy(receiver);
  const startedAt = performance.now();
  const processorBefore = process.cpuUsage();
  await work();
  while ((await receivedBy(receiver)) < before + deliveriesPerRound) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const perSecond = (deliveriesPerRound * 1000) / (performance.now() - startedAt);
  const { user, system } = process.cpuUsage(processorBefore);
  return { perSecond, processorMicroseconds: (user + system) / deliveriesPerRound };
}

async function receivedBy(receiver: ChildServer): Promise<number> {
  return Number(await (await fetch(receiver.url)).text());
}

const signer = createSigner([newWebhookKeys()]);
const body = JSON.stringify({ filler: 'x'.repeat(480) });

/** The same number of requests, as many at once as all endpoints are sent, and nothing else but, if told, to sign them. */
async function sendBare(receiver: ChildServer, endpoints: number, sign: Signer | null): Promise<void> {
  const dispatcher = new Agent({ connections: requestsAtOnce, pipelining: 1 });
  let left = deliveriesPerRound;
  async function sendUntilDone(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const signature = sign ? await sign(String(left), 0, body) : 'x'.repeat(140);
      const headers = { 'content-type': 'application/json', 'webhook-signature': signature };
      const answer = await request(receiver.url, { method: 'POST', headers, body, dispatcher });
      await answer.body.dump();
    }
  }
  await Promise.all(Array.from({ length: requestsAtOnce * endpoints }, sendUntilDone));
  await dispatcher.close();
}

function figure(endpoints: number, sender: string, sent: readonly Sent[], bases: readonly Sent[]): Figure {
  const values = sent.map(({ perSecond }) => perSecond);
  const compared = ratios(
    values,
    bases.map(({ perSecond }) => perSecond),
  );
  return {
    endpoints,
    sender,
    perSecond: median(values),
    ratio: median(compared),
    ratioSpread: spread(compared, 2),
    processorMicroseconds: median(sent.map(({ processorMicroseconds }) => processorMicroseconds)),
  };
}

const columns = [
  { key: 'endpoints', title: 'endpoints', digits: 0 },
  { key: 'sender', title: 'sender' },
  { key: 'perSecond', title: 'deliveries per second', digits: 0 },
  { key: 'ratio', title: 'ratio', digits: 2 },
  { key: 'ratioSpread', title: 'of the rounds' },
  { key: 'processorMicroseconds', title: 'Node, µs each', digits: 0 },
];

const notes = [
  'webhooks: from the commit of the events in one statement to the last receipt: hand-out, lease, two signatures, request, delivery log.',
  'bare requests: undici POSTs of about the same size from one process, as many at once, with no log and no signature.',
  'signed requests: the same with both signatures of a webhook.',
  `${deliveriesPerRound} deliveries a round over all endpoints; the receiver is a process of its own on the same machine.`,
];
