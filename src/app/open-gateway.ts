import type { ActionContext } from '../actions/context.ts';
import { createRateLimiter } from '../actions/rate-limiter.ts';
import { actorOf } from '../domain/audit.ts';
import { startEventReader } from '../events/event-reader.ts';
import { schema } from '../graphql/schema.ts';
import { createGateway, type Gateway } from '../http/gateway.ts';
import { listen } from '../http/listen.ts';
import { remoteAddress } from '../http/request-facts.ts';
import { createAuthorizationServer } from '../oauth/authorization-server.ts';
import type { Database } from '../store/database.ts';
import { schemaState } from '../store/migrate.ts';
import { widgetPages } from '../widget/server/pages.ts';
import type { Config } from './config.ts';
import { readTls } from './read-tls.ts';
import { userArchives } from './user-archives.ts';
import type { Shutdown } from './shutdown.ts';

/** The gateway's port, open; it answers 503 until it serves. */
export interface OpenGateway {
  readonly url: string;
  /** Puts the doors behind the port. */
  serve(context: ActionContext, shutdown: Shutdown): Promise<void>;
  close(): Promise<void>;
}

/** Opens the port before anything else, because its number may be part of every address that is told. */
export async function openGateway(config: Config): Promise<OpenGateway> {
  const { tls, certificateOf } = await readTls(config);
  let doors: Gateway = closedDoors;
  const listening = await listen(
    {
      handle: (request, response) => doors.handle(request, response),
      upgrade: (request, socket, head) => doors.upgrade(request, socket, head),
      drain: () => doors.drain(),
    },
    { host: config.host, port: config.port, tls },
  );
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= listening.close());
  return {
    url: listening.url,
    close,
    async serve(context, shutdown) {
      const { database, clock, log, publicUrl } = context;
      const { trustedProxyCount } = config;
      const authorizationServer = await createAuthorizationServer({
        ...context,
        addressOf: (request) => remoteAddress(request, trustedProxyCount) ?? null,
        certificateOf: certificateOf(clock),
      });
      const events = await startEventReader({ database, log });
      shutdown.add('event reader', () => events.close());
      const limiter = config.requestsPerMinute ? createRateLimiter(context, config.requestsPerMinute) : undefined;
      doors = createGateway({
        schema,
        graphqlContext: (facts) => ({
          ...facts,
          db: database.db,
          actions: { ...context, actor: actorOf(facts.viewer, facts.ipAddress) },
          events,
        }),
        verifyAccessToken: (token) => authorizationServer.verifyAccessToken(token),
        authorizationServer: (request, response) => authorizationServer.handle(request, response),
        widget: widgetPages(context),
        exportUser: userArchives(context),
        readiness: () => readinessOf(database),
        openStreams: () => events.openStreams(),
        log,
        clock,
        publicUrl,
        trustedProxyCount,
        allowedOrigins: config.allowedOrigins,
        isIntrospectable: config.isIntrospectable,
        subscriptionsMax: config.subscriptionsMax,
        takePermit: limiter && ((viewer) => limiter.take(viewer)),
      });
      // Once more, because it now stands on what was started since: it must end before the database does.
      shutdown.add('gateway', close);
    },
  };
}

const closedDoors: Gateway = {
  handle(_, response) {
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
    response.end(JSON.stringify({ error: 'starting', message: 'Tributary is starting.' }));
  },
  upgrade(_, socket) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  },
  drain: () => Promise.resolve(),
};

async function readinessOf(database: Database) {
  try {
    const { kind } = await schemaState(database);
    return { isReady: kind === 'current', checks: { database: 'ok', schema: kind === 'current' ? 'ok' : kind } };
  } catch {
    return { isReady: false, checks: { database: 'cannot be reached' } };
  }
}
