import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, fetch } from 'undici';
import { mayFetchFrom, type ScenarioHosts } from './address-rules.ts';

export const scenarioBytesMax = 1_048_576;
const fetchSeconds = 5;
const redirectsMax = 3;
const addressCharactersMax = 2000;

/** Why a file cannot be had, as a name: the pages have the words for it. */
export const fetchProblems = [
  'address-invalid',
  'address-forbidden',
  'too-many-redirects',
  'not-found',
  'too-large',
  'too-slow',
  'unreachable',
] as const;
export type FetchProblem = (typeof fetchProblems)[number];

export type FetchedText =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: FetchProblem };

/**
 * Fetches a text that a person names: http and https only, no password in the address, at most 1 MiB, 5 seconds and 3
 * redirects. The rule about addresses is applied to what the name resolves to at the very connection, so that a name
 * cannot resolve to something else afterwards, and again to every redirect.
 */
export async function fetchText(address: string, hosts: ScenarioHosts): Promise<FetchedText> {
  const agent = agentFor(hosts);
  const signal = AbortSignal.timeout(fetchSeconds * 1000);
  try {
    let url = checkedUrl(address, null, hosts);
    for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
      // oxlint-disable-next-line no-await-in-loop -- a redirect is only known when the answer is there
      const response = await fetch(url, { dispatcher: agent, redirect: 'manual', signal, headers: fetchHeaders });
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) {
        if (!response.ok) throw new FetchRefusal('not-found');
        // oxlint-disable-next-line no-await-in-loop -- leaves the loop
        return { text: await readAtMost(response.body), problem: null };
      }
      // oxlint-disable-next-line no-await-in-loop -- the connection is free before the next one
      await response.body?.cancel();
      url = checkedUrl(location, url, hosts);
    }
    throw new FetchRefusal('too-many-redirects');
  } catch (error) {
    return { text: null, problem: problemOf(error, signal) };
  } finally {
    await agent.destroy();
  }
}

const fetchHeaders = {
  accept: 'application/yaml, application/json, text/plain;q=0.8, */*;q=0.1',
  'accept-encoding': 'identity',
  'user-agent': 'test-bank-scenario',
};

class FetchRefusal extends Error {
  readonly problem: FetchProblem;

  constructor(problem: FetchProblem) {
    super(problem);
    this.problem = problem;
  }
}

/** A host that is a numeric address never passes through the look-up of names, so it is judged here. */
function checkedUrl(address: string, base: URL | null, hosts: ScenarioHosts): URL {
  const url =
    address.length <= addressCharactersMax && URL.canParse(address, base?.href) ? new URL(address, base?.href) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username || url.password) {
    throw new FetchRefusal('address-invalid');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayFetchFrom(host, hosts)) throw new FetchRefusal('address-forbidden');
  return url;
}

function agentFor(hosts: ScenarioHosts): Agent {
  const onlyAllowed: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const allowed = error ? [] : found.filter(({ address }) => mayFetchFrom(address, hosts));
      const [first] = allowed;
      if (error) callback(error, '');
      else if (!first) callback(new FetchRefusal('address-forbidden'), '');
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
  return new Agent({ connect: { lookup: onlyAllowed }, pipelining: 0 });
}

async function readAtMost(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > scenarioBytesMax) throw new FetchRefusal('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What fetch throws hides the reason in its causes. */
function problemOf(error: unknown, signal: AbortSignal): FetchProblem {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FetchRefusal) return cause.problem;
  }
  return signal.aborted ? 'too-slow' : 'unreachable';
}
