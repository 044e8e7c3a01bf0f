import { cpuSecondsOf } from '../cpu-time.ts';
import { startChildServer, type ChildServer } from '../child-server.ts';
import { openAudience, type Audience } from './audience.ts';
import { memoryProbe } from './memory.ts';

/** Sockets that are opened before memory is read: the first ones load code. */
const warmingSockets = 100;

/** What is measured of one round. */
export interface Round {
  readonly perSecond: number;
  readonly p99Milliseconds: number;
  /** Processor time of the server for one delivery. */
  readonly cpuMicroseconds: number;
}

/** A server with its open sockets. */
export interface Side {
  readonly name: 'raw' | 'gateway';
  readonly child: ChildServer;
  readonly audience: Audience;
  readonly liveKilobytesPerSocket: number;
  readonly residentKilobytesPerSocket: number;
}

interface SideOptions {
  readonly name: Side['name'];
  readonly program: readonly string[];
  readonly sockets: number;
  /** What the nth socket says to begin: its connection_init and subscribe; null for a bare server. */
  readonly greeting: ((index: number) => readonly [string, string]) | null;
}

/** Starts the server and opens all sockets; with a greeting it is ready when each has its subscription. */
export async function openSide({ name, program, sockets, greeting }: SideOptions): Promise<Side> {
  const probe = memoryProbe();
  const child = await startChildServer({ program: [...probe.flags, ...program], environment: probe.environment });
  const url = `${child.url.replace('http', 'ws')}/graphql`;
  const open = (count: number) => {
    const greetings = greeting ? Array.from({ length: count }, (_, index) => greeting(index)) : null;
    return openAudience({ url, sockets: count, greetings });
  };
  const first = await open(warmingSockets);
  if (greeting) await untilSubscribed(child, warmingSockets);
  const before = await probe.read(child);
  const audience = await open(sockets);
  if (greeting) await untilSubscribed(child, sockets + warmingSockets);
  const after = await probe.read(child);
  await first.close();
  if (greeting) await untilSubscribed(child, sockets);
  return {
    name,
    child,
    audience,
    liveKilobytesPerSocket: (after.liveBytes - before.liveBytes) / sockets / 1000,
    residentKilobytesPerSocket: (after.residentBytes - before.residentBytes) / sockets / 1000,
  };
}

/** Has `count` messages sent and says how they came. */
export async function measure(
  { child, audience }: Side,
  count: number,
  act: (begin: () => void) => Promise<void>,
): Promise<Round> {
  const before = await cpuSecondsOf(child.pid);
  const delays = await audience.receive(count, act);
  const after = await cpuSecondsOf(child.pid);
  const sorted = delays.toSorted();
  const last = sorted.at(-1) ?? Number.NaN;
  return {
    perSecond: (delays.length * 1000) / last,
    p99Milliseconds: sorted[Math.floor(delays.length * 0.99)] ?? Number.NaN,
    cpuMicroseconds: before === null || after === null ? Number.NaN : ((after - before) * 1e6) / delays.length,
  };
}

export async function closeSide({ audience, child }: Side): Promise<void> {
  await audience.close();
  await child.stop();
}

async function untilSubscribed({ url }: ChildServer, count: number): Promise<void> {
  for (;;) {
    const text = await (await fetch(`${url}/metrics`)).text();
    if (text.includes(`tributary_graphql_subscriptions{transport="ws"} ${count}\n`)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
