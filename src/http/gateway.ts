import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { answerJson, refuseUpgrade } from './answer.ts';
import type { VerifyAccessToken } from './authentication.ts';
import { BodyTooLarge } from './body-limit.ts';
import { answerExport, exportPath, type ExportUser } from './export-door.ts';
import { createGraphqlDoor } from './graphql-door.ts';
import { setSecurityHeaders, type AllowedOrigins } from './headers.ts';
import { answerLive, answerReady, type Readiness } from './health.ts';
import { createMetrics } from './metrics.ts';
import type { QueryLimits } from './query-limits.ts';
import type { TakePermit } from './rate-limit.ts';
import type { SubscriptionsMax } from './stream-limit.ts';
import { remoteAddress, type RequestFacts } from './request-facts.ts';
import { answerByWeb, type WebHandler } from './web-handler.ts';
import { maskWithStatus } from './yoga.ts';

/** A door that speaks node:http. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface GatewayOptions {
  readonly schema: GraphQLSchema;
  /** Makes the context of an operation from what the gateway knows of the request. */
  readonly graphqlContext: (facts: RequestFacts) => GraphqlContext;
  readonly verifyAccessToken: VerifyAccessToken;
  /** Answers `/oauth/*` and `/.well-known/oauth-authorization-server`. */
  readonly authorizationServer: NodeHandler;
  /** Answers `/widget/*`. */
  readonly widget: WebHandler;
  /** Writes archives of users; absent where nobody needs them. */
  readonly exportUser?: ExportUser;
  readonly readiness: () => Promise<Readiness>;
  /** How many streams of events are read now; absent where nobody counts them. */
  readonly openStreams?: () => number;
  readonly log: Log;
  readonly clock: Clock;
  /** The address at which browsers reach this installation, without a slash at the end. */
  readonly publicUrl: string;
  readonly allowedOrigins?: AllowedOrigins;
  /** How many reverse proxies of ours stand in front, each adding to X-Forwarded-For. */
  readonly trustedProxyCount?: number;
  readonly bodyBytesMax?: number;
  readonly keepAliveMilliseconds?: number;
  /** How often the expiry of the tokens of open streams is looked at. */
  readonly expiryCheckMilliseconds?: number;
  /** Counts a request; absent where nobody is limited. */
  readonly takePermit?: TakePermit | undefined;
  /** How many subscriptions a client and a user may have open; null or absent: any number. */
  readonly subscriptionsMax?: SubscriptionsMax | null;
  /** How much one operation may ask for. */
  readonly limits?: QueryLimits;
  /** Whether the schema may be read; true when absent. */
  readonly isIntrospectable?: boolean;
}

/** All doors behind one pair of functions for node:http. */
export interface Gateway {
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends what is open in a way that makes clients come back, and settles when it has ended. */
  drain(): Promise<void>;
}

interface Door {
  readonly name: string;
  /** A path that ends with a slash stands for all that begin with it. */
  readonly path: string;
  readonly methods: readonly string[];
  readonly handle: NodeHandler;
}

const anyMethod: readonly string[] = [];

/** One router for all doors: `/graphql`, OAuth2, the widget, health and metrics. */
export function createGateway(options: GatewayOptions): Gateway {
  const { log, readiness, widget, publicUrl, bodyBytesMax = 1_048_576, trustedProxyCount = 0 } = options;
  const metrics = createMetrics(options.openStreams);
  const graphql = createGraphqlDoor({ ...options, bodyBytesMax, metrics });
  let isDraining = false;
  const isHttps = publicUrl.startsWith('https:');
  const read = ['GET', 'HEAD'];
  const oauth = options.authorizationServer;
  const doors: readonly Door[] = [
    {
      name: 'graphql',
      path: '/graphql',
      methods: anyMethod,
      handle: (request, response) => graphql.handle(request, response),
    },
    { name: 'oauth', path: '/oauth/', methods: anyMethod, handle: oauth },
    { name: 'oauth', path: '/.well-known/oauth-authorization-server', methods: anyMethod, handle: oauth },
    {
      name: 'widget',
      path: '/widget/',
      methods: anyMethod,
      handle: (request, response) =>
        answerByWeb(widget, request, response, { origin: publicUrl, bodyBytesMax, trustedProxyCount }),
    },
    ...(options.exportUser ? [exportDoor(options.exportUser)] : []),
    { name: 'health', path: '/health/live', methods: read, handle: (_, response) => answerLive(response) },
    {
      name: 'health',
      path: '/health/ready',
      methods: read,
      handle: (_, response) => answerReady(response, readiness, isDraining),
    },
    { name: 'metrics', path: '/metrics', methods: read, handle: (_, response) => metrics.answer(response) },
  ];

  function exportDoor(exportUser: ExportUser): Door {
    const addressOf = (request: IncomingMessage) => remoteAddress(request, trustedProxyCount) ?? null;
    const mask = maskWithStatus(log);
    return {
      name: 'export',
      path: exportPath,
      methods: ['GET'],
      handle: (request, response) =>
        answerExport(request, response, { verifyAccessToken: options.verifyAccessToken, exportUser, mask, addressOf }),
    };
  }

  function doorOf(path: string): Door | undefined {
    return doors.find((door) => (door.path.endsWith('/') ? path.startsWith(door.path) : path === door.path));
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const method = request.method ?? 'GET';
    const door = doorOf(path);
    const end = metrics.requestSeconds.startTimer({ door: door?.name ?? 'none', method: knownMethod(method) });
    response.once('close', () => end({ status: String(response.statusCode) }));
    setSecurityHeaders(response, isHttps);
    if (isDraining) response.setHeader('connection', 'close');
    if (!door) return answerUnknown(request, response, path);
    if (door.methods.length > 0 && !door.methods.includes(method)) {
      const message = `${door.path} answers ${door.methods.join(' and ')} only.`;
      return answerJson(response, 405, { error: 'method_not_allowed', message }, { allow: door.methods.join(', ') });
    }
    await door.handle(request, response);
  }

  function answerUnknown(request: IncomingMessage, response: ServerResponse, path: string): void {
    if (path === '/' && request.headers.accept?.includes('text/html')) {
      response.writeHead(302, { location: '/graphql' });
      response.end();
      return;
    }
    answerJson(response, 404, {
      error: 'not_found',
      message: 'There is nothing at this path.',
      paths: doors.map((known) => known.path),
    });
  }

  function fail(response: ServerResponse, error: unknown): void {
    if (response.headersSent) return void response.destroy();
    if (error instanceof BodyTooLarge) {
      return answerJson(response, 413, { error: 'body_too_large', message: error.message }, { connection: 'close' });
    }
    log.error({ err: error }, 'A request failed unexpectedly.');
    answerJson(response, 500, { error: 'internal', message: 'Something went wrong on our side.' });
  }

  return {
    handle(request, response) {
      route(request, response).catch((error: unknown) => fail(response, error));
    },
    upgrade(request, socket, head) {
      if (isDraining) return refuseUpgrade(socket, '503 Service Unavailable');
      if (pathOf(request) !== '/graphql') return refuseUpgrade(socket, '404 Not Found');
      graphql.upgrade(request, socket, head);
    },
    async drain() {
      isDraining = true;
      await graphql.drain();
    },
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

/** A label of few values: a method may be any word that a stranger invents. */
function knownMethod(method: string): string {
  return ['GET', 'HEAD', 'POST', 'OPTIONS'].includes(method) ? method : 'other';
}
