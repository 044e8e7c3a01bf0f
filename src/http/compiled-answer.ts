import {
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type ExecutionArgs,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { jsonText } from '../kernel/json-text.ts';
import { collectedFields, type SelectionContext } from './collected-fields.ts';

/** The answer to an event as JSON text, the very text of executing the operation; null where it must be executed. */
export type CompiledAnswer = (item: object) => string | null;

/** Gives the JSON text of a value. Throws for what only execution can answer. */
type Write = (value: unknown) => string;

class NeedsExecution extends Error {}
// One for all: it says nothing and its stack is of no interest, so it need not be made for each event.
const needsExecution = new NeedsExecution('This answer needs execution.');

const needed: Write = () => {
  throw needsExecution;
};

/**
 * Compiles a subscription into a function from its event to the answer. It takes the schema's own resolvers, and of
 * those only what depends on nothing but the value that they are given: no arguments, no permission, no look-up.
 * For each type of event it is decided once whether all that is selected of it is of that kind; else, and whenever a
 * value is not what the schema promises, the answer is null and execution answers, with its errors.
 */
export function compileAnswer({ schema, document, operationName, variableValues }: ExecutionArgs): CompiledAnswer {
  const operation = getOperationAST(document, operationName);
  const root = schema.getSubscriptionType();
  if (!operation || !root) return () => null;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  if (!coerced) return () => null;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const context = { schema, fragments, variables: coerced };
  const write = objectWriter(context, root, collectedFields(context, root, [operation.selectionSet]));
  return (item) => {
    try {
      return `{"data":${write(item)}}`;
    } catch {
      return null;
    }
  };
}

function objectWriter(
  context: SelectionContext,
  type: GraphQLObjectType,
  fields: ReadonlyMap<string, readonly FieldNode[]>,
): Write {
  if (type.isTypeOf) return needed;
  const parts: { readonly before: string; readonly write: Write }[] = [];
  let before = '{';
  for (const [key, nodes] of fields) {
    before += `${JSON.stringify(key)}:`;
    const name = nodes[0]?.name.value ?? '';
    if (name === '__typename') before += `${JSON.stringify(type.name)},`;
    else {
      const field = type.getFields()[name];
      // The arguments of the root field have chosen the stream; they say nothing about an event of it.
      const isPlain = field && (field.args.length === 0 || type === context.schema.getSubscriptionType());
      const write = isPlain ? fieldWriter(context, field, nodes) : needed;
      if (write === needed) return needed;
      parts.push({ before, write });
      before = ',';
    }
  }
  // What is left stands behind the last value.
  const after = before === ',' ? '}' : `${before.replace(/,$/, '')}}`;
  return (value) => {
    let text = '';
    for (const part of parts) text += part.before + part.write(value);
    return text + after;
  };
}

function fieldWriter(
  context: SelectionContext,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): Write {
  const write = valueWriter(context, field.type, nodes);
  if (write === needed) return needed;
  const { name, resolve } = field;
  if (!resolve) return (source) => write(propertyOf(source, name));
  // One that declares the source alone cannot see the arguments, the viewer or the database; all that the plugins of
  // the schema add (permissions, look-ups) declares more.
  if (resolve.length !== 1) return needed;
  return (source) => write(Reflect.apply(resolve, undefined, [source]));
}

function propertyOf(source: unknown, name: string): unknown {
  const value: unknown = typeof source === 'object' && source !== null ? Reflect.get(source, name) : undefined;
  if (typeof value === 'function') throw needsExecution;
  return value;
}

function valueWriter(context: SelectionContext, type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
  const isRequired = isNonNullType(type);
  const write = presentWriter(context, isRequired ? type.ofType : type, nodes);
  if (write === needed) return needed;
  return (value) => {
    if (value === null || value === undefined) {
      if (isRequired) throw needsExecution;
      return 'null';
    }
    // An error or a promise in the place of a value is for execution to deal with.
    if (typeof value === 'object' && (value instanceof Error || 'then' in value)) throw needsExecution;
    return write(value);
  };
}

function presentWriter(context: SelectionContext, type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
  if (isLeafType(type)) return leafWriter(type);
  if (isListType(type)) return listWriter(valueWriter(context, type.ofType, nodes));
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  if (isObjectType(type)) return objectWriter(context, type, collectedFields(context, type, selectionSets));
  return isAbstractType(type) ? abstractWriter(context, type, selectionSets) : needed;
}

function leafWriter(type: GraphQLLeafType): Write {
  if (isEnumType(type)) {
    const texts = new Map(type.getValues().map(({ name, value }): [unknown, string] => [value, `"${name}"`]));
    return (value) => texts.get(value) ?? needed(value);
  }
  return (value) => {
    const serialized = type.serialize(value);
    if (typeof serialized === 'string') return jsonText(serialized);
    if (serialized === null || serialized === undefined) throw needsExecution;
    const text: string | undefined = JSON.stringify(serialized);
    if (text === undefined) throw needsExecution;
    return text;
  };
}

function listWriter(write: Write): Write {
  if (write === needed) return needed;
  return (value) => {
    if (!Array.isArray(value)) throw needsExecution;
    return `[${value.map(write).join(',')}]`;
  };
}

/** What is asked of each type behind an interface or a union is compiled when the first value of the type comes. */
function abstractWriter(
  context: SelectionContext,
  type: GraphQLAbstractType,
  selectionSets: readonly SelectionSetNode[],
): Write {
  const { resolveType } = type;
  if (!resolveType) return needed;
  const writers = new Map<string, Write>();
  return (value) => {
    // With neither context nor info: a type that needs them cannot be told, and execution answers.
    const name: unknown = Reflect.apply(resolveType, undefined, [value, undefined, undefined, type]);
    if (typeof name !== 'string') throw needsExecution;
    let write = writers.get(name);
    if (!write) {
      const found = context.schema.getType(name);
      const isOfIt = isObjectType(found) && context.schema.isSubType(type, found);
      write = isOfIt ? objectWriter(context, found, collectedFields(context, found, selectionSets)) : needed;
      writers.set(name, write);
    }
    return write(value);
  };
}
