import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { idKinds } from '../../src/graphql/global-id.ts';
import { schema } from '../../src/graphql/schema.ts';

export type OperationKind = 'query' | 'mutation' | 'subscription';

/** A place in the arguments of a root field that takes an id, and of what type. */
export interface IdRequest {
  readonly kind: OperationKind;
  readonly field: GraphQLField<unknown, unknown>;
  /** From the argument down, such as input.id. */
  readonly path: string;
  readonly typeName: string;
  readonly name: string;
}

const roots: [OperationKind, GraphQLObjectType | null | undefined][] = [
  ['query', schema.getQueryType()],
  ['mutation', schema.getMutationType()],
  ['subscription', schema.getSubscriptionType()],
];

/** Every place of the schema where a root field takes an id. What is public to every token is no place to protect. */
export function idRequests(publicTypes: readonly string[]): IdRequest[] {
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      field.args
        .flatMap((argument) => idPaths(argument.type, argument.name))
        .flatMap((path) => idTypesOf(field, path).map((typeName) => ({ kind, field, path, typeName })))
        .filter(({ typeName }) => !publicTypes.includes(typeName))
        .map((request) => ({ ...request, name: `${kind} ${field.name}(${request.path}: ${request.typeName})` })),
    ),
  );
}

/** All root fields, for who has the right to them. */
export function rootFields(kind: OperationKind): GraphQLField<unknown, unknown>[] {
  return Object.values(roots.find(([name]) => name === kind)?.[1]?.getFields() ?? {});
}

function idPaths(type: GraphQLInputType, path: string): string[] {
  const named = getNamedType(type);
  if (isInputObjectType(named)) {
    return Object.values(named.getFields()).flatMap((field) => idPaths(field.type, `${path}.${field.name}`));
  }
  return named.name === 'ID' ? [path] : [];
}

/** `accountIds` is of accounts; a bare `id` of the noun that a mutation begins with, else of what a query gives. */
function idTypesOf(field: GraphQLField<unknown, unknown>, path: string): string[] {
  const last = path.split('.').at(-1) ?? '';
  const stem = /^(.*?)Ids?$/.exec(last)?.[1];
  if (stem) return [stem.charAt(0).toUpperCase() + stem.slice(1)];
  if (path.includes('.')) {
    const noun = Object.keys(idKinds)
      .filter((name) => field.name.startsWith(name.charAt(0).toLowerCase() + name.slice(1)))
      .toSorted((left, right) => right.length - left.length)[0];
    if (noun) return [noun];
  }
  const type = getNamedType(field.type);
  if (type.name === 'Node') return Object.keys(idKinds).filter((name) => isNode(name));
  return [type.name];
}

function isNode(name: string): boolean {
  const type = schema.getType(name);
  return name === 'Event' || (isObjectType(type) && type.getInterfaces().some((one) => one.name === 'Node'));
}

/** Arguments with what is required, and with `ids` at the path under test. */
export interface Arguments {
  readonly path: string | null;
  readonly id: string | null;
  /** By type name, for ids that are required elsewhere. */
  readonly otherIds: Readonly<Record<string, string>>;
}

/** The document and variables that ask this field for everything it can give. */
export function documentOf(kind: OperationKind, field: GraphQLField<unknown, unknown>, given: Arguments) {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const passed: string[] = [];
  for (const argument of field.args) {
    const value = valueOf(argument.type, argument.name, field, given);
    if (value === undefined) continue;
    variables[argument.name] = value;
    declared.push(`$${argument.name}: ${String(argument.type)}`);
    passed.push(`${argument.name}: $${argument.name}`);
  }
  const head = declared.length > 0 ? `${kind} (${declared.join(', ')})` : kind;
  const call = passed.length > 0 ? `${field.name}(${passed.join(', ')})` : field.name;
  return { source: `${head} { ${call} ${selectionOf(field.type, 3)} }`, variables };
}

function valueOf(
  type: GraphQLInputType,
  path: string,
  field: GraphQLField<unknown, unknown>,
  given: Arguments,
): unknown {
  const isOnPath = given.path !== null && (given.path === path || given.path.startsWith(`${path}.`));
  if (isNonNullType(type)) return valueOf(type.ofType, path, field, given) ?? required(type.ofType, path, field, given);
  if (isListType(type)) {
    if (!isOnPath) return undefined;
    return [valueOf(type.ofType, path, field, given)];
  }
  if (isInputObjectType(type) && isOnPath) return required(type, path, field, given);
  if (given.path === path) return given.id;
  return undefined;
}

const samples: Record<string, unknown> = {
  String: 'text-1',
  Int: 1,
  Boolean: true,
  URL: 'https://example.com/',
  Locale: 'fr',
  Date: '2026-03-01',
  Decimal: '1.00',
  Cursor: 'ZXZ0OjA6MA',
  CountryCode: 'FR',
};

function required(
  type: GraphQLInputType,
  path: string,
  field: GraphQLField<unknown, unknown>,
  given: Arguments,
): unknown {
  if (isListType(type)) return [required(type.ofType, path, field, given)];
  if (isNonNullType(type)) return required(type.ofType, path, field, given);
  if (isInputObjectType(type)) {
    const entries = Object.values(type.getFields())
      .filter((inner) => inner.defaultValue === undefined)
      .map((inner) => [inner.name, valueOf(inner.type, `${path}.${inner.name}`, field, given)] as const)
      .filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries);
  }
  if (isEnumType(type)) return type.getValues()[0]?.name;
  const name = path.split('.').at(-1) ?? '';
  if (type.name === 'ID') return given.otherIds[idTypesOf(field, path)[0] ?? ''];
  if (name === 'email') return 'walk@example.com';
  if (name === 'password') return 'sesame-1';
  if (name === 'version') return '1';
  return samples[type.name];
}

/** Every field down to this depth, as far as it needs no argument. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isAbstractType(named)) {
    // Under an alias of its type's own, for two types may have a field of one name and different types.
    const fragments = schema
      .getPossibleTypes(named)
      .map((possible) => `... on ${possible.name} { ${fieldsOf(possible, depth, `${possible.name}_`)} }`);
    return `{ __typename ${fragments.join(' ')} }`;
  }
  return isObjectType(named) ? `{ __typename ${fieldsOf(named, depth, '')} }` : '';
}

function fieldsOf(type: GraphQLObjectType, depth: number, alias: string): string {
  return Object.values(type.getFields())
    .filter((field) => field.args.every((argument) => !isNonNullType(argument.type)))
    .filter((field) => depth > 0 || isLeafType(getNamedType(field.type)))
    .map((field) => `${alias ? `${alias}${field.name}: ` : ''}${field.name} ${selectionOf(field.type, depth - 1)}`)
    .join(' ');
}
