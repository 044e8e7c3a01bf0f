import type { IncomingMessage } from 'node:http';
import { GraphQLError, type ExecutionArgs } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { requestError } from '../graphql/request-error.ts';
import type { Authentication } from './authentication.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { OperationContext, Yoga } from './yoga.ts';

const operationsPerSocketMax = 100;

/** What one socket is to graphql-ws. */
export interface SocketExtra {
  readonly request: IncomingMessage;
  authentication?: Authentication;
}

interface SocketOperationsOptions {
  readonly yoga: Yoga;
  readonly operationContext: (request: IncomingMessage, authentication: Authentication) => OperationContext;
  readonly mask: (error: unknown) => Error;
  readonly metrics: GatewayMetrics;
}

type Handlers = Pick<
  ServerOptions<Record<string, unknown>, SocketExtra>,
  'onSubscribe' | 'execute' | 'subscribe' | 'onOperation' | 'onComplete'
>;

/** How graphql-ws runs operations: by Yoga's own functions, so that both transports answer alike, word for word. */
export function createSocketOperations(options: SocketOperationsOptions): Handlers {
  const { yoga, operationContext, mask, metrics } = options;
  const prepared = new WeakMap<ExecutionArgs, ReturnType<Yoga['getEnveloped']>>();

  function enveloped(args: ExecutionArgs): ReturnType<Yoga['getEnveloped']> {
    const found = prepared.get(args);
    if (!found) throw new Error('An operation was not prepared.');
    return found;
  }

  return {
    async onSubscribe({ extra, subscriptions }, _id, { query, operationName, variables }) {
      try {
        if (Object.keys(subscriptions).length > operationsPerSocketMax) throw tooMany();
        if (!extra.authentication) throw requestError('UNAUTHENTICATED');
        const context = operationContext(extra.request, extra.authentication);
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
        prepared.set(args, envelope);
        return args;
      } catch (error) {
        const masked = mask(error);
        return [masked instanceof GraphQLError ? masked : new GraphQLError(masked.message)];
      }
    },
    execute: (args) => enveloped(args).execute(args),
    subscribe: (args) => enveloped(args).subscribe(args),
    onOperation(_context, _id, _payload, _args, result) {
      const isStream = Symbol.asyncIterator in Object(result);
      metrics.operations.inc({ transport: 'ws', outcome: isStream ? 'stream' : 'ok' });
    },
  };
}

function tooMany(): GraphQLError {
  return requestError(
    'RATE_LIMITED',
    `A socket may run at most ${operationsPerSocketMax} operations at once: open another.`,
  );
}
