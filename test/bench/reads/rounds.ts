import type postgres from 'postgres';
import type { ChildServer } from '../child-server.ts';
import { cpuSecondsOf, postgresCpuSeconds } from '../cpu-time.ts';
import { load, type LoadRequest } from '../load.ts';
import { median, ratios, spread } from '../statistics.ts';

export interface Side {
  readonly name: 'bare' | 'gateway';
  readonly server: ChildServer;
  readonly requests: readonly LoadRequest[];
}

interface RoundsOptions {
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly connections: number;
  /** To the database behind both sides. */
  readonly sql: postgres.Sql;
}

interface Round {
  readonly perSecond: number;
  readonly latencyMilliseconds: number;
  /** Processor time for one answer; null where it cannot be told. */
  readonly nodeMilliseconds: number | null;
  readonly postgresMilliseconds: number | null;
}

/**
 * Loads both sides in turn, after a warm-up, each round beginning with the other one, so that whatever else the machine
 * does disturbs them alike.
 */
export async function compareRounds(sides: readonly [Side, Side], options: RoundsOptions) {
  const rounds = new Map<string, Round[]>(sides.map(({ name }) => [name, []]));
  for (const side of sides) await measureRound(side, options);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      rounds.get(side.name)?.push(await measureRound(side, options));
    }
  }
  const bases = (rounds.get(sides[0].name) ?? []).map(({ perSecond }) => perSecond);
  return sides.map(({ name }) => summary(name, rounds.get(name) ?? [], bases));
}

function summary(server: Side['name'], rounds: readonly Round[], bases: readonly number[]) {
  const overBase = ratios(
    rounds.map(({ perSecond }) => perSecond),
    bases,
  );
  return {
    server,
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    ratio: median(overBase),
    ratioSpread: spread(overBase, 3),
    latencyMilliseconds: median(rounds.map(({ latencyMilliseconds }) => latencyMilliseconds)),
    nodeMilliseconds: medianOfKnown(rounds.map(({ nodeMilliseconds }) => nodeMilliseconds)),
    postgresMilliseconds: medianOfKnown(rounds.map(({ postgresMilliseconds }) => postgresMilliseconds)),
  };
}

function medianOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? median(known) : null;
}

async function measureRound({ server, requests }: Side, options: RoundsOptions): Promise<Round> {
  const { connections, secondsPerRound: seconds, sql } = options;
  const before = await cpuTimes(server, sql);
  const result = await load({ url: server.url, requests, connections, seconds });
  const after = await cpuTimes(server, sql);
  const perAnswer = (from: number | null, to: number | null) =>
    from === null || to === null ? null : ((to - from) * 1000) / result.answers;
  return {
    perSecond: result.answers / result.seconds,
    latencyMilliseconds: result.latencyMilliseconds,
    nodeMilliseconds: perAnswer(before.node, after.node),
    postgresMilliseconds: perAnswer(before.postgres, after.postgres),
  };
}

async function cpuTimes({ pid }: ChildServer, sql: postgres.Sql) {
  return { node: await cpuSecondsOf(pid), postgres: await postgresCpuSeconds(sql) };
}
