import { GraphQLError } from 'graphql';
import { builder } from '../builder.ts';

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
  return new GraphQLError(`${name} must be ${allowed}, not ${quoted(value)}.`, {
    extensions: { code: 'VALIDATION_FAILED' },
  });
}

/** Defines a scalar that is a text on the wire and in the code. What we store is trusted on the way out. */
export function defineTextScalar(
  name: 'Date' | 'Decimal' | 'CurrencyCode' | 'IBAN' | 'BIC' | 'URL' | 'CountryCode' | 'Locale' | 'Cursor',
  { description, specifiedByURL, parse, allowed }: TextScalar,
): void {
  builder.scalarType(name, {
    description,
    ...(specifiedByURL ? { specifiedByURL } : {}),
    serialize: (value) => value,
    parseValue(value) {
      const parsed = typeof value === 'string' ? parse(value) : null;
      if (parsed === null) throw notAllowed(name, allowed, value);
      return parsed;
    },
  });
}
