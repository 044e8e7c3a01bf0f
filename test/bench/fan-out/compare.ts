import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../../src/store/database.ts';
import type { Figure } from '../benchmark.ts';
import { median, ratios, spread } from '../statistics.ts';
import { appendForMany, type Members } from './log-of-many.ts';
import { closeSide, measure, openSide, type Round, type Side } from './side.ts';

const programs = {
  raw: fileURLToPath(new URL('raw-child.ts', import.meta.url)),
  gateway: fileURLToPath(new URL('../../http/gateway-child.ts', import.meta.url)),
};
export const deliveriesPerRound = 20_000;
const query =
  'subscription { events { cursor ... on Event { id sequence occurredAt } ... on AccountUpdatedEvent { changed } } }';

export type Audience = 'to all' | 'per user';

interface CompareOptions {
  readonly kind: Audience;
  readonly sockets: number;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly members: Members;
  readonly rounds: number;
}

/** Measures both servers with all of their sockets open, in turn, so that a machine that drifts slows both alike. */
export async function compare(options: CompareOptions): Promise<Figure[]> {
  const { kind, sockets, databaseUrl, database, members, rounds } = options;
  const users = kind === 'to all' ? 1 : sockets;
  const each = Math.max(1, Math.round(deliveriesPerRound / sockets));
  const tokenOf = (index: number) => `${members.clientId}.${members.userIds[index % users] ?? ''}`;
  const raw = await openSide({ name: 'raw', program: [programs.raw], sockets, greeting: null });
  const gateway = await openSide({
    name: 'gateway',
    program: [programs.gateway, databaseUrl],
    sockets,
    greeting: (index) => [
      JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${tokenOf(index)}` } }),
      JSON.stringify({ id: crypto.randomUUID(), type: 'subscribe', payload: { query } }),
    ],
  });
  const append = (count: number, begin: () => void) => appendForMany(database, members, users, count, begin);
  await append(1, () => {});
  const text = await gateway.audience.sample;
  await pause(1000);
  const contenders = [
    { side: raw, act: (begin: () => void) => sendRaw(raw, text, kind, each, begin), rounds: [] as Round[] },
    { side: gateway, act: (begin: () => void) => append(each, begin), rounds: [] as Round[] },
  ];
  for (const { side, act } of contenders) await measure(side, each * sockets, act);
  for (let round = 0; round < rounds; round += 1) {
    for (const { side, act, rounds: measured } of round % 2 === 0 ? contenders : contenders.toReversed()) {
      measured.push(await measure(side, each * sockets, act));
    }
  }
  await closeSide(raw);
  await closeSide(gateway);
  const bases = (contenders[0]?.rounds ?? []).map(({ perSecond }) => perSecond);
  return contenders.map(({ side, rounds: measured }) => figureOf(kind, sockets, side, raw, measured, bases));
}

async function sendRaw({ child }: Side, text: string, kind: Audience, each: number, begin: () => void): Promise<void> {
  const isEach = kind === 'per user';
  const texts = Array.from({ length: isEach ? 1 : each }, () => text);
  const body = JSON.stringify({ texts, isEach });
  begin();
  for (let sent = 0; sent < (isEach ? each : 1); sent += 1) await fetch(child.url, { method: 'POST', body });
}

function figureOf(
  event: Audience,
  sockets: number,
  side: Side,
  raw: Side,
  measured: readonly Round[],
  bases: readonly number[],
): Figure {
  const overBase = ratios(
    measured.map(({ perSecond }) => perSecond),
    bases,
  );
  return {
    sockets,
    event,
    server: side.name,
    perSecond: median(measured.map(({ perSecond }) => perSecond)),
    ratio: median(overBase),
    ratioSpread: spread(overBase, 2),
    p99Milliseconds: median(measured.map(({ p99Milliseconds }) => p99Milliseconds)),
    cpuMicroseconds: median(measured.map(({ cpuMicroseconds }) => cpuMicroseconds)),
    liveKilobytesPerSocket: side.liveKilobytesPerSocket,
    liveRatio: side.liveKilobytesPerSocket / raw.liveKilobytesPerSocket,
    residentKilobytesPerSocket: side.residentKilobytesPerSocket,
    residentRatio: side.residentKilobytesPerSocket / raw.residentKilobytesPerSocket,
  };
}
