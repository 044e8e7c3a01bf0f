import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { diff } from '@graphql-inspector/core';
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  printSchema,
  validateSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const file = new URL('../../schema.graphql', import.meta.url);
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));

interface Member {
  readonly path: string;
  readonly member: GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLArgument;
}

const members: Member[] = types.flatMap((type) => {
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): Member[] => [
    { path: `${type.name}.${field.name}`, member: field },
    ...('args' in field
      ? field.args.map((member: GraphQLArgument) => ({ path: `${type.name}.${field.name}(${member.name}:)`, member }))
      : []),
  ]);
});

function pathsOf(isWrong: (member: Member) => boolean): string[] {
  return members.filter(isWrong).map(({ path }) => path);
}

test('the schema is valid', () => {
  expect(validateSchema(schema)).toEqual([]);
});

test('schema.graphql is fresh; otherwise these are the changes (npm run schema writes them)', async () => {
  const committed = await readFile(file, 'utf8');
  const changes = await diff(buildSchema(committed), buildSchema(printSchema(schema)));
  expect(changes.map(({ criticality, message }) => `${criticality.level}: ${message}`)).toEqual([]);
  expect(`${printSchema(schema)}\n`).toBe(committed);
});

describe('descriptions', () => {
  test('stand on every type', () => {
    const silent = types.filter((type) => !type.description && !(isScalarType(type) && isSpecifiedScalarType(type)));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  test('stand on every field and argument, and are sentences', () => {
    expect(pathsOf(({ member }) => !/^[\p{Lu}\d`].*[.!)]$/su.test(member.description ?? ''))).toEqual([]);
  });

  test('stand on every enum value', () => {
    const silent = types
      .filter(isEnumType)
      .flatMap((type) => type.getValues().map((value) => ({ path: `${type.name}.${value.name}`, value })))
      .filter(({ value }) => !value.description);
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('of mutations end with the scope and what is emitted', () => {
    const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
    expect(fields.length).toBeGreaterThan(0);
    const wrong = fields.filter(
      ({ description }) => !/Scope: [a-z]+_[a-z]+.*\. Emits: [^.]+\..*\.$/.test(description ?? ''),
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('of deprecations name the replacement and the date', () => {
    const isVague = ({ member }: Member) =>
      typeof member.deprecationReason === 'string' &&
      !/^Use `.+`.*Removed after \d{4}-\d{2}-\d{2}\.$/.test(member.deprecationReason);
    expect(pathsOf(isVague)).toEqual([]);
  });
});

describe('names', () => {
  const named = (member: Member['member']) => getNamedType(member.type).name;

  test('of booleans begin with is, has or can', () => {
    const isWrong = ({ path, member }: Member) =>
      named(member) === 'Boolean' && !path.startsWith('PageInfo.') && !/^(is|has|can)[A-Z]/.test(member.name);
    expect(pathsOf(isWrong)).toEqual([]);
  });

  test('of instants end in At, of days in On', () => {
    expect(pathsOf(({ member }) => named(member) === 'DateTime' && !member.name.endsWith('At'))).toEqual([]);
    const isWrong = ({ path, member }: Member) =>
      named(member) === 'Date' && !path.startsWith('DateRange.') && !member.name.endsWith('On');
    expect(pathsOf(isWrong)).toEqual([]);
  });

  test('of objects, not ids: no output field but `id` and what is deleted is an ID', () => {
    const isWrong = ({ path, member }: Member) =>
      named(member) === 'ID' && 'args' in member && member.name !== 'id' && !/\.deleted\w+Ids?$/.test(path);
    expect(pathsOf(isWrong)).toEqual([]);
  });

  test('of unions end in Result, of enum values are in capitals, of inputs tell what they are for', () => {
    expect(types.filter((type) => isUnionType(type) && !type.name.endsWith('Result'))).toEqual([]);
    const values = types.filter(isEnumType).flatMap((type) => type.getValues().map(({ name }) => name));
    expect(values.filter((name) => !/^[A-Z][A-Z0-9_]*$/.test(name))).toEqual([]);
    const inputs = types.filter((type) => isInputObjectType(type) && !/(Input|Filter|Order|Range)$/.test(type.name));
    expect(inputs).toEqual([]);
  });

  test('ending in Connection are pages; the one exception is our own noun', () => {
    const pages = types.filter((type) => isObjectType(type) && type.name.endsWith('Connection'));
    const others = pages.filter((type) => !isObjectType(type) || !('pageInfo' in type.getFields()));
    expect(others.map(({ name }) => name)).toEqual(['Connection']);
  });

  test('there is no Float', () => {
    expect(pathsOf(({ member }) => named(member) === 'Float')).toEqual([]);
  });
});

test('every result of a mutation has its payload and only failures besides', () => {
  for (const { name, type } of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const result = getNamedType(type);
    expect(isUnionType(result), name).toBe(true);
    if (!isUnionType(result)) continue;
    const failures = result.getTypes().filter((member) => member.getInterfaces().some((of) => of.name === 'Failure'));
    expect(result.getTypes()).toHaveLength(failures.length + 1);
    expect(failures.length).toBeGreaterThan(0);
  }
});

test('the Relay compiler accepts the schema with a paginated fragment on transactions', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tributary-relay-'));
  try {
    await mkdir(join(root, 'src'));
    await mkdir(join(root, 'generated'));
    await writeFile(join(root, 'schema.graphql'), printSchema(schema));
    await writeFile(
      join(root, 'src', 'list.js'),
      `import { graphql } from 'react-relay';
graphql\`fragment list_account on Account
  @argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "Cursor" })
  @refetchable(queryName: "listPaginationQuery") {
  transactions(first: $count, after: $cursor) @connection(key: "list_transactions") {
    edges { node { id label amount { amount currency } category { key } } }
  }
}\`;
graphql\`query listQuery($id: ID!) { account(id: $id) { ...list_account } }\`;
`,
    );
    const settings = {
      src: './src',
      schema: './schema.graphql',
      language: 'javascript',
      artifactDirectory: './generated',
    };
    await writeFile(join(root, 'relay.config.json'), JSON.stringify(settings));
    const compiler = new URL('../../node_modules/.bin/relay-compiler', import.meta.url).pathname;
    await promisify(execFile)(compiler, ['relay.config.json', '--repersist'], { cwd: root });
    expect(await readdir(join(root, 'generated'))).toContain('listPaginationQuery.graphql.js');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
