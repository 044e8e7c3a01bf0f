import { GraphQLError, Kind, parse, type DocumentNode, type Source } from 'graphql';
import type { SelectionSetNode } from 'graphql';
import { requestError } from '../request-error.ts';

/** What the text of an operation may be, whatever the schema. */
export interface StructureLimits {
  readonly tokensMax: number;
  /** Levels of fields. */
  readonly depthMax: number;
  /** Fields, with those of a fragment counted wherever it is spread. */
  readonly fieldsMax: number;
  readonly aliasesMax: number;
  readonly directivesMax: number;
}

export const structureLimits: StructureLimits = {
  tokensMax: 5_000,
  depthMax: 16,
  fieldsMax: 2_000,
  aliasesMax: 100,
  directivesMax: 50,
};

/**
 * Parses an operation and refuses one that is too large for its checks to be cheap: validation takes time that grows
 * with the square of the fields. The gateway keeps what this answers by the text, so it costs nothing the second time.
 * Throws GraphQLError: a syntax error, or QUERY_TOO_COMPLEX with `measure`, `cost` and `limit`.
 */
export function parseWithin(limits: StructureLimits, source: string | Source): DocumentNode {
  const document = parseTokens(limits.tokensMax, source);
  const size = measure(document);
  refuseBeyond('depth', size.depth, limits.depthMax);
  refuseBeyond('fields', size.fields, limits.fieldsMax);
  refuseBeyond('aliases', size.aliases, limits.aliasesMax);
  refuseBeyond('directives', size.directives, limits.directivesMax);
  return document;
}

function parseTokens(tokensMax: number, source: string | Source): DocumentNode {
  try {
    return parse(source, { maxTokens: tokensMax });
  } catch (error) {
    const isTooLong = error instanceof GraphQLError && error.message.includes('Parsing aborted');
    throw isTooLong ? tooComplex('tokens', null, tokensMax) : error;
  }
}

/** An operation beyond a limit; `cost` is null where it was not worth counting to the end. */
export function tooComplex(measureName: string, cost: number | null, limit: number): GraphQLError {
  const found = cost === null ? 'more' : String(cost);
  return requestError('QUERY_TOO_COMPLEX', `The operation has ${found} ${measureName}; at most ${limit} are allowed.`, {
    measure: measureName,
    cost,
    limit,
    http: { status: 400 },
  });
}

function refuseBeyond(measureName: string, value: number, limit: number): void {
  if (value > limit) throw tooComplex(measureName, Number.isSafeInteger(value) ? value : null, limit);
}

interface Size {
  readonly fields: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
}

const nothing: Size = { fields: 0, depth: 0, aliases: 0, directives: 0 };

/** Each fragment is measured once and then counted by its numbers, so that a bomb of fragments takes no time. */
function measure(document: DocumentNode): Size {
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  const measured = new Map<string, Size>();

  function ofFragment(name: string): Size {
    const known = measured.get(name);
    if (known) return known;
    // A fragment within itself counts as nothing here; validation refuses it.
    measured.set(name, nothing);
    const size = ofSelections(fragments.get(name));
    measured.set(name, size);
    return size;
  }

  function ofSelections(set: SelectionSetNode | undefined): Size {
    let [fields, depth, aliases, directives] = [0, 0, 0, 0];
    for (const selection of set?.selections ?? []) {
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      const inner = isSpread ? ofFragment(selection.name.value) : ofSelections(selection.selectionSet);
      const isField = selection.kind === Kind.FIELD;
      fields += inner.fields + (isField ? 1 : 0);
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
      directives += inner.directives + (selection.directives?.length ?? 0);
    }
    return { fields, depth, aliases, directives };
  }

  const sizes = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? ofSelections(definition.selectionSet)
      : definition.kind === Kind.FRAGMENT_DEFINITION
        ? ofFragment(definition.name.value)
        : nothing,
  );
  return {
    fields: Math.max(0, ...sizes.map((size) => size.fields)),
    depth: Math.max(0, ...sizes.map((size) => size.depth)),
    aliases: Math.max(0, ...sizes.map((size) => size.aliases)),
    directives: Math.max(0, ...sizes.map((size) => size.directives)),
  };
}
