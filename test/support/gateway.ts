import { onTestFinished, vi } from 'vitest';
import { actorOf } from '../../src/domain/audit.ts';
import { Failure } from '../../src/domain/failure.ts';
import type { Viewer } from '../../src/domain/viewer.ts';
import { startEventReader } from '../../src/events/event-reader.ts';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createGateway, type GatewayOptions } from '../../src/http/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { manualClock, type ManualClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Database } from '../../src/store/database.ts';
import { testDatabase } from './database.ts';
import { seededAt } from './fixtures.ts';
import { houseContext } from './house-context.ts';

/** A gateway on a port of its own, with the real schema, log and database; tokens are those that the test issues. */
export interface TestGateway {
  readonly database: Database;
  readonly url: string;
  readonly socketUrl: string;
  readonly clock: ManualClock;
  /** What the last operation knew of its request. */
  readonly contexts: GraphqlContext[];
  /** A token for this viewer, valid for an hour of the gateway's clock. */
  readonly issue: (viewer: Viewer) => string;
  /** Asks over HTTP. */
  ask(token: string | null, query: string, variables?: Record<string, unknown>): Promise<unknown>;
  /** Waits until so many subscriptions run. */
  untilSubscribed(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openGateway(
  options: Partial<GatewayOptions> & {
    database?: Database;
    windowEvents?: number;
    headersMilliseconds?: number;
    /** How often the log is asked what it has got, beside notifications: a test that counts statements wants it never. */
    pollMilliseconds?: number;
  } = {},
): Promise<TestGateway> {
  const database = options.database ?? (await testDatabase());
  const clock = manualClock(seededAt);
  const actions = await houseContext({ database, clock });
  const events = await startEventReader({
    database,
    ...(options.windowEvents ? { windowEvents: options.windowEvents } : {}),
    ...(options.pollMilliseconds ? { pollMilliseconds: options.pollMilliseconds } : {}),
  });
  const tokens = new Map<string, { viewer: Viewer; expiresAt: Date }>();
  const contexts: GraphqlContext[] = [];
  const gateway = createGateway({
    schema,
    graphqlContext(facts) {
      const actor = actorOf(facts.viewer, facts.ipAddress);
      const context = { ...facts, db: database.db, actions: { ...actions, actor }, events };
      contexts.push(context);
      return context;
    },
    async verifyAccessToken(token) {
      const found = tokens.get(token);
      if (!found) throw new Failure('UNAUTHENTICATED', { message: 'The access token was not issued here.' });
      if (found.expiresAt <= clock.now()) {
        throw new Failure('UNAUTHENTICATED', { message: 'The access token has expired. Request a new one.' });
      }
      return found;
    },
    authorizationServer: (request, response) => void response.end(`oauth ${request.url}`),
    widget: async (request) => new Response(`widget ${request.method} ${await request.text()}`, { status: 201 }),
    readiness: async () => ({ isReady: true, checks: { database: 'ok' } }),
    openStreams: () => events.openStreams(),
    log: silentLog,
    clock,
    publicUrl: 'http://127.0.0.1:4000',
    expiryCheckMilliseconds: 10,
    ...options,
  });
  const listening = await listen(gateway, {
    host: '127.0.0.1',
    port: 0,
    ...(options.headersMilliseconds ? { headersMilliseconds: options.headersMilliseconds } : {}),
  });
  let closing: Promise<void> | undefined;
  async function closeAll(): Promise<void> {
    await listening.close();
    await events.close();
  }
  const close = (): Promise<void> => (closing ??= closeAll());
  onTestFinished(close);
  return {
    database,
    clock,
    contexts,
    url: listening.url,
    socketUrl: `${listening.url.replace('http', 'ws')}/graphql`,
    issue(viewer) {
      const token = `token-${tokens.size}`;
      tokens.set(token, { viewer, expiresAt: new Date(clock.now().getTime() + 3_600_000) });
      return token;
    },
    async ask(token, query, variables) {
      const response = await fetch(`${listening.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    async untilSubscribed(count) {
      await vi.waitFor(async () => {
        const text = await (await fetch(`${listening.url}/metrics`)).text();
        const running = [...text.matchAll(/^tributary_graphql_subscriptions\{.*\} (\d+)$/gm)];
        const sum = running.reduce((total, [, one]) => total + Number(one), 0);
        if (sum !== count) throw new Error(`${sum} subscriptions run, not ${count}.`);
      }, 10_000);
    },
    close,
  };
}
