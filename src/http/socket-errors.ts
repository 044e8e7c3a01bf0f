import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Errors as a socket shows them: the status and headers that they have over HTTP say nothing there. */
export function withoutHttp(errors: readonly Error[]): GraphQLFormattedError[] {
  return errors.map((error) => {
    const formatted: GraphQLFormattedError = error instanceof GraphQLError ? error.toJSON() : error;
    if (!formatted.extensions || !('http' in formatted.extensions)) return formatted;
    const extensions = Object.entries(formatted.extensions).filter(([name]) => name !== 'http');
    return { ...formatted, extensions: Object.fromEntries(extensions) };
  });
}
