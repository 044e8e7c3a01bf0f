import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { Failure } from '../domain/failure.ts';
import type { Log } from '../kernel/log.ts';
import { requestError } from './request-error.ts';

/**
 * What a client may see of an error that reached the top: errors made for it pass, a Failure shows its public part,
 * and anything else is a bug: it goes to the log with an id, and the client gets that id and nothing more.
 */
export function maskError(log: Log): (error: unknown) => Error {
  return (error) => {
    const located = error instanceof GraphQLError ? error : null;
    const original = located ? (located.originalError ?? located) : error;
    if (original instanceof Failure) {
      return at(located, requestError(original.code, original.message));
    }
    if (located && original instanceof GraphQLError) {
      return located.extensions['code']
        ? located
        : at(located, requestError('VALIDATION_FAILED', located.message, located.extensions));
    }
    const errorId = randomUUID();
    log.error({ err: original, errorId, path: located?.path?.join('.') }, 'an operation failed unexpectedly');
    return at(located, requestError('INTERNAL', `Something went wrong on our side (${errorId}).`, { errorId }));
  };
}

/** The same error at the place in the document and the answer where it happened. */
function at(located: GraphQLError | null, error: GraphQLError): GraphQLError {
  if (!located) return error;
  const { nodes = null, source = null, positions = null, path = null } = located;
  return new GraphQLError(error.message, { nodes, source, positions, path, extensions: error.extensions });
}
