import {
  createSourceEventStream,
  getOperationAST,
  GraphQLError,
  type ExecutionArgs,
  type ExecutionResult,
} from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { requestError } from '../graphql/request-error.ts';
import { isPushStream } from '../kernel/push-stream.ts';
import type { Authentication } from './authentication.ts';
import { Delivery, type DeliveryTerms } from './delivery.ts';
import { createEventAnswers } from './event-answers.ts';
import type { GatewayMetrics } from './metrics.ts';
import { judge, type QueryLimits } from './query-limits.ts';
import { countRequest, type TakePermit } from './rate-limit.ts';
import type { HandledMessage, OpenSocket, SocketContext } from './open-socket.ts';
import type { RequestHead } from './request-facts.ts';
import { withoutHttp } from './socket-errors.ts';
import type { StreamLimit } from './stream-limit.ts';
import { neverGone } from './waits.ts';
import type { OperationContext, Yoga } from './yoga.ts';

const operationsPerSocketMax = 100;

/** Makes the context of an operation. */
export type OperationContextOf = (
  request: RequestHead,
  authentication: Authentication,
  untilGone: () => AbortSignal,
) => OperationContext;

interface SocketOperationsOptions {
  readonly yoga: Yoga;
  readonly operationContext: OperationContextOf;
  readonly mask: (error: unknown) => Error;
  readonly metrics: GatewayMetrics;
  readonly takePermit?: TakePermit | undefined;
  readonly streamLimit: StreamLimit;
  readonly limits: QueryLimits;
}

type Handlers = Pick<
  ServerOptions<Record<string, unknown>, OpenSocket>,
  'onSubscribe' | 'execute' | 'subscribe' | 'onOperation' | 'onNext' | 'onError'
>;

/** An operation of a socket, made ready by Yoga. */
interface Prepared {
  readonly envelope: ReturnType<Yoga['getEnveloped']>;
  readonly context: OperationContext;
  readonly socket: SocketContext;
  readonly id: string;
  readonly message: HandledMessage | undefined;
}

/**
 * How graphql-ws runs operations: queries and mutations by Yoga's own functions, so that both transports answer alike,
 * word for word; subscriptions by deliveries, which share the answers.
 */
export function createSocketOperations(options: SocketOperationsOptions): Handlers {
  const { yoga, operationContext, mask, metrics, streamLimit } = options;
  const operations = new WeakMap<ExecutionArgs, Prepared>();
  const answers = createEventAnswers({ mask, contextOf });
  const running = metrics.subscriptions.labels('ws');
  const terms: DeliveryTerms = {
    errorsOf: (error) => withoutHttp([located(mask(error))]),
    onEnd({ group }) {
      streamLimit.leave(group.viewer);
      running.dec();
    },
    onError: countError,
  };

  /** What an event is answered with: it asks for no person and for no cost, and shows no address. */
  function contextOf(viewer: Authentication['viewer'], locale: string): OperationContext {
    const head = { headers: { 'accept-language': locale }, socket: {} };
    return { ...operationContext(head, { viewer, expiresAt: null }, neverGone), psu: null };
  }

  function countError(): void {
    metrics.operations.inc({ transport: 'ws', outcome: 'error' });
  }

  function prepared(args: ExecutionArgs): Prepared {
    const found = operations.get(args);
    if (!found) throw new Error('An operation was not prepared.');
    return found;
  }

  async function subscribe(args: ExecutionArgs): Promise<Delivery | ExecutionResult> {
    const { context, socket, id, message } = prepared(args);
    const { viewer, locale } = context;
    try {
      streamLimit.enter(viewer);
    } catch (error) {
      return { errors: [located(mask(error))] };
    }
    const stream = await createSourceEventStream(args).catch((error: unknown) => ({ errors: [located(error)] }));
    if (!isPushStream(stream)) {
      streamLimit.leave(viewer);
      return { errors: 'errors' in stream ? (stream.errors ?? []).map((error) => located(mask(error))) : [] };
    }
    running.inc();
    const { schema, document, operationName, variableValues } = args;
    const group = answers.join({ schema, document, operationName, variableValues }, viewer, locale);
    const delivery = new Delivery({ context: socket, id, stream, group, terms });
    if (message) message.whenHandled = () => delivery.attach();
    return delivery;
  }

  return {
    async onSubscribe(socket, id, payload) {
      const { extra, subscriptions } = socket;
      const message = extra.handled;
      try {
        const { query, operationName, variables } = payload;
        if (Object.keys(subscriptions).length > operationsPerSocketMax) throw tooMany();
        if (!extra.viewer) throw requestError('UNAUTHENTICATED');
        const authentication: Authentication = { viewer: extra.viewer, expiresAt: null };
        await countRequest(authentication, options.takePermit);
        const context = operationContext(extra.head, authentication, () =>
          extra.untilGone(id, () => id in socket.subscriptions),
        );
        const envelope = yoga.getEnveloped({ ...context, params: { query, operationName, variables } });
        const document = envelope.parse(query);
        const problems = envelope.validate(envelope.schema, document);
        if (problems.length > 0) return problems;
        const args: ExecutionArgs = {
          schema: envelope.schema,
          document,
          operationName: operationName ?? null,
          variableValues: variables ?? null,
          contextValue: await envelope.contextFactory(),
        };
        // Queries and mutations are judged by Yoga's plugins as they run.
        const { refusal } = isSubscription(args) ? judge(options.limits, args) : { refusal: null };
        if (refusal) throw refusal;
        operations.set(args, { envelope, context, socket, id, message });
        return args;
      } catch (error) {
        return [located(mask(error))];
      }
    },
    execute: (args) => prepared(args).envelope.execute(args),
    subscribe,
    onOperation(_context, _id, _payload, _args, result) {
      metrics.operations.inc({ transport: 'ws', outcome: outcomeOf(result) });
    },
    onNext(_context, _id, _payload, _args, result) {
      const { data, errors, extensions } = result;
      if (!errors) return undefined;
      return {
        errors: withoutHttp(errors),
        ...(data === undefined ? {} : { data }),
        ...(extensions ? { extensions } : {}),
      };
    },
    onError(_context, _id, _payload, errors) {
      countError();
      return withoutHttp(errors);
    },
  };
}

function isSubscription({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === 'subscription';
}

function outcomeOf(result: object): 'stream' | 'error' | 'ok' {
  if (Symbol.asyncIterator in result) return 'stream';
  return 'errors' in result && result.errors !== undefined ? 'error' : 'ok';
}

function located(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError(error instanceof Error ? error.message : String(error), {
    originalError: error instanceof Error ? error : null,
  });
}

function tooMany(): GraphQLError {
  return requestError(
    'RATE_LIMITED',
    `A socket may run at most ${operationsPerSocketMax} operations at once: open another.`,
  );
}
