import { GraphQLError, valueFromASTUntyped, type ValueNode } from 'graphql';
import { builder } from '../builder.ts';
import { requestError } from '../request-error.ts';

interface TextScalar {
  readonly description: string;
  readonly specifiedByURL?: string;
  /** The value in its one canonical spelling, or null when the text is not allowed. */
  readonly parse: (text: string) => string | null;
  /** What is allowed, for the error: `a day as YYYY-MM-DD`. */
  readonly allowed: string;
}

/** Shows what was sent, shortened so that an error never echoes a flood. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** The error for a value that a scalar does not take. */
export function notAllowed(name: string, allowed: string, value: unknown): GraphQLError {
  return requestError('VALIDATION_FAILED', `${name} must be ${allowed}, not ${quoted(value)}.`);
}

/** How a scalar reads a value that stands in the document itself: like any other, and an error names its place. */
export function literal<Value>(parseValue: (value: unknown) => Value): (node: ValueNode) => Value {
  return (node) => {
    try {
      return parseValue(valueFromASTUntyped(node));
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
    }
  };
}

/** Defines a scalar that is a text on the wire and in the code. What we store is trusted on the way out. */
export function defineTextScalar(
  name: 'Date' | 'Decimal' | 'CurrencyCode' | 'IBAN' | 'BIC' | 'URL' | 'CountryCode' | 'Locale' | 'Cursor',
  { description, specifiedByURL, parse, allowed }: TextScalar,
): void {
  function parseValue(value: unknown): string {
    const parsed = typeof value === 'string' ? parse(value) : null;
    if (parsed === null) throw notAllowed(name, allowed, value);
    return parsed;
  }
  builder.scalarType(name, {
    description,
    ...(specifiedByURL ? { specifiedByURL } : {}),
    serialize: (value) => value,
    parseValue,
    parseLiteral: literal(parseValue),
  });
}
