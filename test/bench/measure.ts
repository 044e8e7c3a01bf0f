import autocannon from 'autocannon';

/** One contender of a comparison: a server that answers the same question. */
export interface Contender {
  readonly name: string;
  readonly url: string;
  /** Requests taken in turn, so that caches of one answer do not decide. */
  readonly requests: readonly { method: 'GET' | 'POST'; path: string; body?: string; headers?: Record<string, string> }[];
}

/** Requests per second of one contender in one round. */
export interface Rate {
  readonly name: string;
  readonly perSecond: number;
}

const connections = 16;

/** Loads a server for some seconds over keep-alive connections; throws when an answer is not 200. */
async function rateOf(contender: Contender, seconds: number): Promise<number> {
  const result = await autocannon({
    url: contender.url,
    connections,
    duration: seconds,
    requests: contender.requests.map((request) => ({ ...request })),
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${contender.name}: ${result.non2xx} answers that are not 2xx, ${result.errors} errors.`);
  }
  return result.requests.average;
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/**
 * Loads the contenders in turn, round after round, so that a machine that slows down slows them alike; answers each
 * one's median rate.
 */
export async function compare(contenders: readonly Contender[], rounds: number, seconds: number): Promise<Rate[]> {
  const rates = new Map(contenders.map((contender) => [contender.name, [] as number[]]));
  for (const contender of contenders) await rateOf(contender, 1);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of contenders) rates.get(contender.name)?.push(await rateOf(contender, seconds));
  }
  return contenders.map(({ name }) => ({ name, perSecond: median(rates.get(name) ?? []) }));
}
