import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { GraphqlContext } from '../graphql/context.ts';
import { requestError } from '../graphql/request-error.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { answerGraphqlError, refuseUpgrade } from './answer.ts';
import { authenticate, bearerChallenge, type Authentication, type VerifyAccessToken } from './authentication.ts';
import { BodyTooLarge, limitBody } from './body-limit.ts';
import { startExpiryWatch } from './expiry-watch.ts';
import { answerGraphiql } from './graphiql.ts';
import { isOriginAllowed, setCorsHeaders, type AllowedOrigins } from './headers.ts';
import type { GatewayMetrics } from './metrics.ts';
import { queryLimits, type QueryLimits } from './query-limits.ts';
import { limitRate, type TakePermit } from './rate-limit.ts';
import { factsOf, type RequestFacts, type RequestHead } from './request-facts.ts';
import { createStreamLimit, type SubscriptionsMax } from './stream-limit.ts';
import { createWaits } from './waits.ts';
import { createSocketDoor } from './websocket.ts';
import { createYogaServer, maskWithStatus, type OperationContext } from './yoga.ts';

interface GraphqlDoorOptions {
  readonly schema: GraphQLSchema;
  readonly graphqlContext: (facts: RequestFacts) => GraphqlContext;
  readonly verifyAccessToken: VerifyAccessToken;
  readonly log: Log;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly metrics: GatewayMetrics;
  readonly bodyBytesMax: number;
  readonly allowedOrigins?: AllowedOrigins;
  readonly trustedProxyCount?: number;
  readonly keepAliveMilliseconds?: number;
  readonly expiryCheckMilliseconds?: number;
  readonly takePermit?: TakePermit | undefined;
  readonly subscriptionsMax?: SubscriptionsMax | null;
  readonly limits?: QueryLimits;
  readonly isIntrospectable?: boolean;
}

/** `/graphql`: GraphQL over HTTP, server-sent events, WebSocket, and GraphiQL for a browser. */
export interface GraphqlDoor {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  drain(): Promise<void>;
}

export function createGraphqlDoor(options: GraphqlDoorOptions): GraphqlDoor {
  const { schema, log, metrics, verifyAccessToken, bodyBytesMax, allowedOrigins = '*', limits = queryLimits } = options;
  const expiryWatch = startExpiryWatch(options.clock, options.expiryCheckMilliseconds ?? 1000);
  const streamLimit = createStreamLimit(options.subscriptionsMax ?? null);
  const yoga = createYogaServer({
    schema,
    log,
    expiryWatch,
    metrics,
    streamLimit,
    limits,
    isIntrospectable: options.isIntrospectable,
  });
  const mask = maskWithStatus(log);
  const streams = new Set<ServerResponse>();
  const waits = createWaits();
  const sockets = createSocketDoor({
    yoga,
    verifyAccessToken,
    operationContext,
    takePermit: options.takePermit,
    streamLimit,
    limits,
    mask,
    expiryWatch,
    clock: options.clock,
    metrics,
    log,
    messageBytesMax: bodyBytesMax,
    keepAliveMilliseconds: options.keepAliveMilliseconds ?? 25_000,
  });

  function operationContext(
    request: RequestHead,
    { viewer, expiresAt }: Authentication,
    untilGone: () => AbortSignal,
  ): OperationContext {
    const facts = { ...factsOf(request, viewer, options.trustedProxyCount ?? 0), untilGone };
    const isCostAsked = request.headers['graphql-cost'] !== undefined;
    return { ...options.graphqlContext(facts), expiresAt, isCostAsked };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setCorsHeaders(request, response, allowedOrigins);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (isForm(request)) {
      const message =
        'Send the operation as application/json: a form is what a foreign page could make a browser send.';
      return answerGraphqlError(request, response, 415, requestError('VALIDATION_FAILED', message));
    }
    if (isPageWanted(request)) return answerGraphiql(response, options.publicUrl);
    let context: OperationContext;
    try {
      const authentication = await authenticate(request.headers.authorization, verifyAccessToken);
      await limitRate(response, authentication, options.takePermit);
      context = operationContext(request, authentication, waits.ofResponse(response));
      await limitBody(request, bodyBytesMax);
    } catch (error) {
      return refuse(request, response, error);
    }
    if (request.headers.accept?.includes('text/event-stream')) {
      streams.add(response);
      response.once('close', () => streams.delete(response));
    }
    await yoga(request, response, context);
  }

  function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (error instanceof BodyTooLarge) {
      const tooLarge = requestError('VALIDATION_FAILED', error.message);
      // The rest of the body is not worth reading.
      return answerGraphqlError(request, response, 413, tooLarge, { connection: 'close' });
    }
    const masked = mask(error);
    const shown = masked instanceof GraphQLError ? masked : requestError('INTERNAL');
    const { code } = shown.extensions;
    if (code === 'UNAUTHENTICATED') {
      return answerGraphqlError(request, response, 401, shown, { 'www-authenticate': bearerChallenge });
    }
    const status = code === 'INTERNAL' ? 500 : code === 'RATE_LIMITED' ? 429 : 400;
    answerGraphqlError(request, response, status, shown);
  }

  return {
    handle,
    upgrade(request, socket, head) {
      if (!isOriginAllowed(request, allowedOrigins, options.publicUrl)) return refuseUpgrade(socket, '403 Forbidden');
      sockets.upgrade(request, socket, head);
    },
    async drain() {
      waits.end();
      // An end without `complete` is what makes clients of server-sent events connect again.
      for (const response of streams) response.destroy();
      await sockets.drain();
      expiryWatch.close();
    },
  };
}

/** What a page of any origin can have a browser send without asking first (Fetch standard, CORS-safelisted). */
function isForm({ headers }: IncomingMessage): boolean {
  const type = headers['content-type']?.toLowerCase() ?? '';
  return ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'].some((form) =>
    type.startsWith(form),
  );
}

/** A browser that opens the address; a query in it is still answered as GraphQL over HTTP. */
function isPageWanted({ method, url = '', headers }: IncomingMessage): boolean {
  const isQuery = /[?&]query=/.test(url);
  return method === 'GET' && !isQuery && (headers.accept?.includes('text/html') ?? false);
}
