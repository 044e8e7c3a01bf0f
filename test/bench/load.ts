import autocannon from 'autocannon';

/** One request of a load. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Load {
  readonly url: string;
  /** Taken in turn by every connection, each beginning elsewhere, so that no single answer stays hot. */
  readonly requests: readonly LoadRequest[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly answers: number;
  readonly seconds: number;
  /** The median. */
  readonly latencyMilliseconds: number;
}

const sampleMilliseconds = 50;
const secondsMax = 10;

/** Loads a server over keep-alive connections. Throws when an answer is not 2xx or a connection breaks. */
export async function load({ url, requests, connections, seconds }: Load): Promise<LoadResult> {
  let next = 0;
  const began = performance.now();
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    // It looks only so often whether the time is over.
    sampleInt: sampleMilliseconds,
    setupClient(client) {
      const first = Math.floor((next * requests.length) / connections);
      next += 1;
      client.setRequests([...requests.slice(first), ...requests.slice(0, first)].map((request) => ({ ...request })));
    },
  });
  const elapsed = (performance.now() - began) / 1000;
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed.`);
  }
  // A round that is too short for a slow machine says nothing: a longer one is measured instead.
  if (result['2xx'] === 0) {
    if (seconds > secondsMax) throw new Error(`${url}: not one answer within ${seconds} s.`);
    return load({ url, requests, connections, seconds: seconds * 4 });
  }
  return { answers: result['2xx'], seconds: elapsed, latencyMilliseconds: result.latency.p50 };
}
