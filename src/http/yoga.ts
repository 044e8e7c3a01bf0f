import { GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import type { GraphqlContext } from '../graphql/context.ts';
import { maskError } from '../graphql/mask-error.ts';
import { asInvalid, requestError } from '../graphql/request-error.ts';
import type { Log } from '../kernel/log.ts';
import type { ExpiryWatch } from './expiry-watch.ts';
import type { GatewayMetrics } from './metrics.ts';
import { limitQueries, queryLimits, type QueryLimits } from './query-limits.ts';
import type { StreamLimit } from './stream-limit.ts';
import { untilExpired } from './until-expired.ts';

/** The context of an operation, and when the token that it runs under ends. */
export interface OperationContext extends GraphqlContext {
  readonly expiresAt: Date | null;
  /** Whether the request has the header Graphql-Cost, by which a caller asks for `extensions.cost`. */
  readonly isCostAsked: boolean;
}

export type Yoga = YogaServerInstance<OperationContext, object>;

interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly log: Log;
  readonly expiryWatch: ExpiryWatch;
  readonly metrics: GatewayMetrics;
  readonly streamLimit: StreamLimit;
  readonly limits?: QueryLimits | undefined;
  /** False hides the schema. */
  readonly isIntrospectable?: boolean | undefined;
}

/**
 * Yoga with its pipeline trimmed to what GraphQL over HTTP and SSE need. Logging, CORS, multipart, landing page and body
 * limit cost a light read more than the read itself; the router does what of it is wanted.
 */
export function createYogaServer(options: YogaOptions): Yoga {
  const { schema, log, expiryWatch, metrics, streamLimit, limits = queryLimits, isIntrospectable = true } = options;
  return createYoga<OperationContext>({
    schema,
    graphqlEndpoint: '/graphql',
    logging: false,
    cors: false,
    multipart: false,
    graphiql: false,
    landingPage: false,
    maxRequestBodySize: false,
    parserAndValidationCache: true,
    maskedErrors: { maskError: maskWithStatus(log) },
    plugins: [
      limitQueries(limits, isIntrospectable),
      validationCode,
      outcomes(metrics),
      endWithToken(expiryWatch, metrics, streamLimit),
    ],
  });
}

/** Public errors, with the status that Yoga gave them; its own codes become those of the failure catalogue. */
export function maskWithStatus(log: Log): (error: unknown) => Error {
  const mask = maskError(log);
  return (error) => {
    const http = error instanceof GraphQLError ? error.extensions['http'] : undefined;
    const masked = mask(ofYoga(error));
    if (http && masked instanceof GraphQLError) masked.extensions['http'] ??= http;
    return masked;
  };
}

/** An error that Yoga made of a bad request, in our words and with a code of the catalogue. */
function ofYoga(error: unknown): unknown {
  if (!(error instanceof GraphQLError)) return error;
  const { code, originalError, http } = error.extensions;
  if (code === 'GRAPHQL_PARSE_FAILED') {
    Object.assign(error.extensions, asInvalid({ ...error.extensions, code: 'VALIDATION_FAILED' }));
  }
  if (code !== 'BAD_REQUEST') return error;
  const isJsonError = typeof originalError === 'object' && originalError !== null && 'message' in originalError;
  if (!isJsonError) return requestError('VALIDATION_FAILED', error.message, { http });
  // Yoga would answer 200 to who accepts application/json only; the specification advises 400.
  const message = `The body is not valid JSON: ${originalError.message}`;
  return requestError('VALIDATION_FAILED', message, { http: { status: 400 } });
}

/** A document that does not fit the schema is a bad input like any other. */
const validationCode: Plugin = {
  onValidate() {
    return ({ valid, result }) => {
      if (!valid) for (const error of result) Object.assign(error.extensions, asInvalid(error.extensions));
    };
  },
};

function outcomes(metrics: GatewayMetrics): Plugin {
  return {
    onExecutionResult({ result }) {
      const isStream = result !== undefined && Symbol.asyncIterator in result;
      const hasErrors = !isStream && result !== undefined && 'errors' in result && result.errors !== undefined;
      metrics.operations.inc({ transport: 'http', outcome: isStream ? 'stream' : hasErrors ? 'error' : 'ok' });
    },
  };
}

/** A stream of server-sent events ends when its token does, with an error that says so. */
function endWithToken(
  expiryWatch: ExpiryWatch,
  metrics: GatewayMetrics,
  streamLimit: StreamLimit,
): Plugin<object, OperationContext> {
  return {
    onExecutionResult(hook) {
      const { result, context } = hook;
      if (!result || !(Symbol.asyncIterator in result)) return;
      try {
        streamLimit.enter(context.viewer);
      } catch (error) {
        void result[Symbol.asyncIterator]().return?.();
        if (!(error instanceof GraphQLError)) throw error;
        return hook.setResult({ errors: [error] });
      }
      const gauge = metrics.subscriptions.labels('sse');
      gauge.inc();
      const onEnd = (): void => {
        streamLimit.leave(context.viewer);
        gauge.dec();
      };
      hook.setResult(untilExpired(result, context.expiresAt, expiryWatch, onEnd));
    },
  };
}
