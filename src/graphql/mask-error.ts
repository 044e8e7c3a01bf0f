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
      const message = withoutValue(located.message, original.message);
      if (located.extensions['code'] && message === located.message) return located;
      return at(located, requestError('VALIDATION_FAILED', message, located.extensions));
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

const ofVariable = /^Variable "\$(\w+)" got invalid value /;

/**
 * What is wrong with a variable, without the whole value that graphql-js shows: that may be long, and hold a password
 * beside the field that is missing. `reason` is what graphql-js puts behind the value.
 */
function withoutValue(message: string, reason: string): string {
  const name = ofVariable.exec(message)?.[1];
  const end = `; ${reason}`;
  if (name === undefined || !message.endsWith(end)) return message;
  const place = / at "([^"]*)"$/.exec(message.slice(0, -end.length))?.[1];
  return `Variable "$${place ?? name}" is not valid: ${reason}`;
}
