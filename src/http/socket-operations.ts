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
import { Delivery } from './delivery.ts';
import { createEventAnswers } from './event-answers.ts';
import type { GatewayMetrics } from './metrics.ts';
import { judge, type QueryLimits } from './query-limits.ts';
import { countRequest, type TakePermit } from './rate-limit.ts';
import type { OpenSocket } from './open-socket.ts';
import type { RequestHead } from './request-facts.ts';
import { withoutHttp } from './socket-errors.ts';
import type { SocketWriter } from './socket-writer.ts';
import type { EnterStream } from './stream-limit.ts';
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
  readonly enterStream: EnterStream;
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
  readonly writer: SocketWriter;
  readonly id: string;
}

/**
 * How graphql-ws runs operations: queries and mutations by Yoga's own functions, so that both transports answer alike,
 * word for word; subscriptions by deliveries, which share the answers.
 */
export function createSocketOperations(options: SocketOperationsOptions): Handlers {
  const { yoga, operationContext, mask, metrics } = options;
  const operations = new WeakMap<ExecutionArgs, Prepared>();
  const answers = createEventAnswers({ mask });
  const running = metrics.subscriptions.labels('ws');

  function prepared(args: ExecutionArgs): Prepared {
    const found = operations.get(args);
    if (!found) throw new Error('An operation was not prepared.');
    return found;
  }

  async function subscribe(args: ExecutionArgs): Promise<Delivery | ExecutionResult> {
    const { context, writer, id } = prepared(args);
    let leave: () => void;
    try {
      leave = options.enterStream(context.viewer);
    } catch (error) {
      return { errors: [located(mask(error))] };
    }
    const stream = await createSourceEventStream(args).catch((error: unknown) => ({ errors: [located(error)] }));
    // graphql-ws keeps the arguments as long as the subscription runs: what was asked for it need not be kept with them.
    const { schema, document, operationName, variableValues } = args;
    args.contextValue = null;
    operations.delete(args);
    if (!isPushStream(stream)) {
      leave();
      return { errors: 'errors' in stream ? (stream.errors ?? []).map((error) => located(mask(error))) : [] };
    }
    running.inc();
    const group = answers.join({ schema, document, operationName, variableValues }, context);
    const onEnd = (): void => {
      leave();
      running.dec();
    };
    return new Delivery({ writer, id, stream, group, mask, onEnd });
  }

  return {
    async onSubscribe(connection, id, payload) {
      const { extra, subscriptions } = connection;
      try {
        const { query, operationName, variables } = payload;
        if (Object.keys(subscriptions).length > operationsPerSocketMax) throw tooMany();
        if (!extra.authentication) throw requestError('UNAUTHENTICATED');
        await countRequest(extra.authentication, options.takePermit);
        const context = operationContext(extra.head, extra.authentication, () =>
          extra.untilGone(id, () => id in connection.subscriptions),
        );
        const envelope = yoga.getEnveloped({ ...context, params: { query, operationName, variables } });
        const document = envelope.parse(query);
        // graphql-ws keeps the message as long as it runs: of the same text one copy is enough.
        Object.assign(payload, { query: document.loc?.source.body ?? query });
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
        operations.set(args, { envelope, context, writer: extra.writer, id });
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
      metrics.operations.inc({ transport: 'ws', outcome: 'error' });
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
