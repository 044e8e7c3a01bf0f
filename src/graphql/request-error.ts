import { GraphQLError } from 'graphql';
import { failureCatalogue, type FailureCode } from '../domain/failure-catalogue.ts';

/**
 * A top-level error: for authentication, validation, limits and bugs only; what a mutation may expect to fail is a
 * member of its result instead. `extensions.code` is a code of the failure catalogue.
 */
export function requestError(
  code: FailureCode,
  message: string = failureCatalogue[code].message,
  extensions: Record<string, unknown> = {},
): GraphQLError {
  const { category, actor, recovery } = failureCatalogue[code];
  return new GraphQLError(message, { extensions: { code, category, actor, recovery, ...extensions } });
}

/** The extensions of an error that others made, completed to those of VALIDATION_FAILED. */
export function asInvalid(extensions: Record<string, unknown>): Record<string, unknown> {
  return { ...requestError('VALIDATION_FAILED').extensions, ...extensions };
}

/** An argument that breaks a rule; the message begins with its name. */
export function invalidArgument(argument: string, message: string): GraphQLError {
  return requestError('VALIDATION_FAILED', `Argument "${argument}": ${message}`, { argument });
}

/** No valid token: over HTTP the whole answer becomes a 401. */
export function unauthenticated(): GraphQLError {
  return requestError('UNAUTHENTICATED', undefined, {
    http: { status: 401, headers: { 'www-authenticate': 'Bearer realm="tributary"' } },
  });
}
