import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;
/** A cost, or a page's size, that may depend on the variables of a request. */
type Amount = (variables: Variables) => number;

/** What a page gives when it is not told how many, and what a plain list is taken for. */
const pageSizeByDefault = 20;
const plainListSize = 10;
const pageSizeMax = 1_000;

/** Everything of a document that does not depend on the request, so that the next request with it only multiplies. */
const compiled = new WeakMap<DocumentNode, Map<string, Amount>>();

/**
 * How many objects an operation may give at most: one for each object, times the sizes of the pages it stands in. Scalars
 * cost nothing, introspection neither (it has rules of its own). 0 for an operation that does not exist.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables | null | undefined,
): number {
  let amounts = compiled.get(document);
  if (!amounts) {
    amounts = compile(schema, document);
    compiled.set(document, amounts);
  }
  const amount = operationName ? amounts.get(operationName) : amounts.values().next().value;
  return amount ? Math.round(amount(variables ?? {})) : 0;
}

function compile(schema: GraphQLSchema, document: DocumentNode): Map<string, Amount> {
  const fragments = new Map<string, { on: string; set: SelectionSetNode }>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const { name, typeCondition, selectionSet } = definition;
    fragments.set(name.value, { on: typeCondition.name.value, set: selectionSet });
  }
  const amounts = new Map<string, Amount>();
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = schema.getRootType(operation.operation);
    const amount = root ? ofSelections(operation.selectionSet, root, operation, null) : () => 0;
    amounts.set(operation.name?.value ?? '', amount);
  }
  return amounts;

  function ofSelections(
    set: SelectionSetNode,
    type: GraphQLNamedType,
    operation: OperationDefinitionNode,
    page: Amount | null,
  ): Amount {
    const always: Amount[] = [];
    // Of several object types an object is one: the dearest counts.
    const alternatives: Amount[] = [];
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const amount = ofField(selection, type, operation, page);
        if (amount) always.push(amount);
        continue;
      }
      const named = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : undefined;
      const inline = selection.kind === Kind.INLINE_FRAGMENT ? selection : undefined;
      const on = schema.getType(named?.on ?? inline?.typeCondition?.name.value ?? type.name) ?? type;
      const inner = named?.set ?? inline?.selectionSet;
      if (!inner) continue;
      const amount = ofSelections(inner, on, operation, page);
      (isObjectType(on) && on !== type ? alternatives : always).push(amount);
    }
    if (always.length === 1 && alternatives.length === 0 && always[0]) return always[0];
    return (variables) =>
      always.reduce((sum, amount) => sum + amount(variables), 0) +
      alternatives.reduce((most, amount) => Math.max(most, amount(variables)), 0);
  }

  function ofField(
    field: FieldNode,
    type: GraphQLNamedType,
    operation: OperationDefinitionNode,
    page: Amount | null,
  ): Amount | null {
    if (!isObjectType(type) && !isInterfaceType(type)) return null;
    const definition = type.getFields()[field.name.value];
    const inner = definition && getNamedType(definition.type);
    if (!definition || !inner || !field.selectionSet || !isCompositeType(inner)) return null;
    const isPage = definition.args.some(({ name }) => name === 'first');
    const own = isPage ? sizeOf(field, operation) : null;
    const children = ofSelections(field.selectionSet, inner, operation, own);
    const isList = isListType(getNullableType(definition.type));
    if (!isList) return (variables) => 1 + children(variables);
    const size = page ?? lengthOf(field) ?? (() => plainListSize);
    return (variables) => size(variables) * (1 + children(variables));
  }
}

/** The size of the page that `first` or `last` asks for. */
function sizeOf(field: FieldNode, operation: OperationDefinitionNode): Amount {
  const given = field.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
  if (!given) return () => pageSizeByDefault;
  const byDefault = operation.variableDefinitions?.find(
    ({ variable }) => given.value.kind === Kind.VARIABLE && variable.name.value === given.value.name.value,
  )?.defaultValue;
  return numberOf(given.value, byDefault);
}

function numberOf(value: ValueNode, byDefault: ValueNode | undefined): Amount {
  if (value.kind === Kind.INT) {
    const size = bounded(Number(value.value));
    return () => size;
  }
  if (value.kind !== Kind.VARIABLE) return () => pageSizeByDefault;
  const name = value.name.value;
  const otherwise = byDefault?.kind === Kind.INT ? bounded(Number(byDefault.value)) : pageSizeByDefault;
  return (variables) => (typeof variables[name] === 'number' ? bounded(variables[name]) : otherwise);
}

/** A list of things by their ids is as long as the list of ids. */
function lengthOf(field: FieldNode): Amount | null {
  const ids = field.arguments?.find(({ name }) => name.value === 'ids')?.value;
  if (ids?.kind === Kind.LIST) return () => ids.values.length;
  if (ids?.kind !== Kind.VARIABLE) return null;
  return (variables) => {
    const given = variables[ids.name.value];
    return Array.isArray(given) ? given.length : 1;
  };
}

function bounded(size: number): number {
  return Math.min(Math.max(size, 0), pageSizeMax);
}
