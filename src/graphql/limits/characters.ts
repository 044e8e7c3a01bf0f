import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';
import { requestError } from '../request-error.ts';

/** The one character that PostgreSQL keeps in no text. */
const nullCharacter = '\u0000';
const message = 'must not contain the null character (U+0000).';

/** Refuses texts of a document that no column could keep, at their place. */
export function NoNullCharacterRule(context: ValidationContext): ASTVisitor {
  return {
    StringValue(node) {
      if (!node.value.includes(nullCharacter)) return;
      const { extensions } = requestError('VALIDATION_FAILED');
      context.reportError(new GraphQLError(`A text ${message}`, { nodes: node, extensions }));
    },
  };
}

/** The refusal of variables that no column could keep, which names the first of them; null when there is none. */
export function nullCharacterIn(variables: Readonly<Record<string, unknown>> | null | undefined): GraphQLError | null {
  // A stack of its own: what was sent may be nested deeper than calls can be.
  const left: [path: string, value: unknown][] = Object.entries(variables ?? {});
  for (let next = left.pop(); next; next = left.pop()) {
    const [path, value] = next;
    if (typeof value === 'string' && value.includes(nullCharacter)) {
      return requestError('VALIDATION_FAILED', `Variable "$${path}" ${message}`, { http: { status: 400 } });
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, inner] of Object.entries(value)) left.push([`${path}.${name}`, inner]);
  }
  return null;
}
