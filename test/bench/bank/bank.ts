import { fileURLToPath } from 'node:url';
import type { Benchmark, Figure, RunOptions } from '../benchmark.ts';
import { startChildServer } from '../child-server.ts';
import { load, type LoadRequest } from '../load.ts';
import { median, spread } from '../statistics.ts';
import { portalQuestion, stetQuestion } from './other-faces.ts';
import type { Question } from './question.ts';

const child = fileURLToPath(new URL('bank-child.ts', import.meta.url));
const face = '/berlin-group/v1';
const base = { 'x-request-id': '11111111-2222-4333-8444-555555555555', 'psu-ip-address': '203.0.113.7' };
const connections = 8;
const jsonPages = 'transactions, Berlin Group JSON';

export const bank: Benchmark = {
  name: 'bank',
  about: 'the test bank over HTTP: it must never be the bottleneck of another measurement',
  async run(options) {
    const server = await startChildServer({ program: [child], environment: {} });
    try {
      const figures: Figure[] = [];
      const questions = [
        ...(await questionsOf(server.url)),
        await stetQuestion(server.url),
        await portalQuestion(server.url),
      ];
      for (const question of questions) figures.push(await measure(server.url, question, options));
      const ofJson = figures.find(({ question }) => question === jsonPages)?.['transactions'];
      return {
        columns: [
          { key: 'question', title: 'question' },
          { key: 'answers', title: 'answers/s', digits: 0 },
          { key: 'transactions', title: 'transactions/s', digits: 0 },
          { key: 'ratio', title: 'of Berlin Group', digits: 2 },
          { key: 'spread', title: 'answers/s of the rounds' },
          { key: 'latency', title: 'median ms', digits: 2 },
        ],
        figures: figures.map((figure) => ({ ...figure, ratio: ratioOf(figure['transactions'], ofJson) })),
        notes: [
          `One process, one account of 16,000 booked entries, pages of 100; ${connections} connections; all faces mounted.`,
          'Medians of the rounds; pages are asked for in turn: of two years, or the last 20 at STET and the portal.',
        ],
      };
    } finally {
      await server.stop();
    }
  },
};

function ratioOf(one: Figure[string] | undefined, other: Figure[string] | undefined): number | null {
  return typeof one === 'number' && typeof other === 'number' ? one / other : null;
}

async function measure(url: string, question: Question, options: RunOptions): Promise<Figure> {
  const perSecond: number[] = [];
  const latencies: number[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    options.tell(`bank: ${question.name}, round ${round} of ${options.rounds}`);
    const result = await load({ url, requests: question.requests, connections, seconds: options.secondsPerRound });
    perSecond.push(result.answers / result.seconds);
    latencies.push(result.latencyMilliseconds);
  }
  const answers = median(perSecond);
  return {
    question: question.name,
    answers,
    transactions: question.transactions === 0 ? null : answers * question.transactions,
    spread: spread(perSecond, 0),
    latency: median(latencies),
  };
}

async function questionsOf(url: string): Promise<readonly Question[]> {
  const consentId = await authorise(url);
  const headers = { ...base, 'consent-id': consentId };
  const { accounts } = await ask(url, 'GET', '/accounts', headers);
  const path = `/accounts/${accounts[0].resourceId}/transactions`;
  const pages: string[] = [];
  let next: string | undefined = `${url}${face}${path}?bookingStatus=booked&dateFrom=2024-03-10`;
  while (next !== undefined) {
    pages.push(next.slice(url.length));
    const page: Awaited<ReturnType<typeof ask>> = await ask(url, 'GET', next.slice(url.length + face.length), headers);
    next = page.transactions._links.next?.href;
  }
  const get = (address: string): LoadRequest => ({ method: 'GET', path: address, headers });
  return [
    { name: 'accounts with balances', transactions: 0, requests: [get(`${face}/accounts?withBalance=true`)] },
    { name: jsonPages, transactions: 100, requests: pages.slice(0, -1).map(get) },
  ];
}

async function authorise(url: string): Promise<string> {
  const psu = { ...base, 'psu-id': 'p' };
  const consent = await ask(url, 'POST', '/consents', psu, {
    access: { allPsd2: 'allAccounts' },
    recurringIndicator: true,
    validUntil: '2026-08-01',
    frequencyPerDay: 4,
    combinedServiceIndicator: false,
  });
  await ask(url, 'POST', `/consents/${consent.consentId}/authorisations`, psu, { psuData: { password: 'p' } });
  return String(consent.consentId);
}

// oxlint-disable-next-line typescript/no-explicit-any -- a bank's answer, looked at field by field
type Answer = any;

async function ask(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${url}${face}${path}`, {
    method,
    headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
