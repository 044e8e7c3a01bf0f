import fc from 'fast-check';
import {
  execute,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  parse,
  validate,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
} from 'graphql';
import { expect, test } from 'vitest';
import { eventTypes, type LogEntry } from '../../src/domain/event.ts';
import type { StreamItem } from '../../src/events/stream.ts';
import { schema } from '../../src/graphql/schema.ts';
import { streamItemTypeName } from '../../src/graphql/types/event.ts';
import { compileAnswer } from '../../src/http/compiled-answer.ts';
import { newId } from '../../src/kernel/id.ts';
import { sampledAt, samples } from '../events/event-samples.ts';

const envelope = {
  id: newId('event', sampledAt),
  clientId: newId('client', sampledAt),
  userId: newId('user', sampledAt),
  sequence: 42n,
  cursor: 'ZXZ0OjEyMzo0',
  occurredAt: sampledAt,
};
const items: StreamItem[] = [
  ...eventTypes.map((type) => ({ ...envelope, type, facts: samples[type] }) as unknown as LogEntry),
  { ...envelope, type: 'unknown', name: 'moon.rose', facts: { connectionId: null } },
  { type: 'lagged', cursor: envelope.cursor },
];
/** Events of which the log holds too little: execution says what is wrong with them. */
const broken = eventTypes.map((type) => ({ ...envelope, type, facts: { failure: null, counts: { created: 'x' } } }));

/** What needs more than the event: the database and the permissions of the viewer. */
const lookedUp = new Set([
  'user',
  'connection',
  'consent',
  'challenge',
  'sync',
  'account',
  'transaction',
  'queue',
  'webhook',
]);

type Composite = GraphQLObjectType | GraphQLInterfaceType;

function composite(name: string): Composite {
  const type = schema.getType(name);
  if (isObjectType(type) || isInterfaceType(type)) return type;
  throw new Error(`There is no composite type ${name}.`);
}

const directive = fc.constantFrom('', '', '', ' @include(if: $yes)', ' @skip(if: $yes)', ' @include(if: $no)', ' @skip(if: $no)'); // prettier-ignore

/** A selection of facts of this type: fields under aliases, fragments on whatever the value may be as well. */
function selectionOf(type: Composite, depth: number): fc.Arbitrary<string> {
  const parts: fc.Arbitrary<string>[] = [directive.map((asked) => `__typename${asked}`)];
  for (const field of Object.values(type.getFields())) {
    if (lookedUp.has(field.name)) continue;
    const below = getNamedType(field.type);
    // One alias has one meaning in the whole document, so that any two selections of it can be merged.
    const alias = fc.constantFrom('', `${field.name}Of${type.name}: `, `__${field.name}Of${type.name}: `);
    const selected = isLeafType(below) ? fc.constant('') : depth > 0 ? selectionOf(composite(below.name), depth - 1) : null; // prettier-ignore
    if (selected) {
      parts.push(fc.tuple(alias, directive, selected).map(([as, asked, set]) => `${as}${field.name}${asked} ${set}`));
    }
  }
  if (depth > 0) {
    const possible = isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
    const named = [type.name, ...possible, ...type.getInterfaces().map(({ name }) => name)];
    const inner = fc.constantFrom(...named).chain((name) => selectionOf(composite(name), depth - 1).map((set) => `... on ${name}${set}`)); // prettier-ignore
    parts.push(
      inner,
      inner,
      directive.chain((asked) => selectionOf(type, depth - 1).map((set) => `...${asked} ${set}`)),
    );
  }
  return fc
    .array(fc.oneof(...parts), { minLength: 1, maxLength: 6 })
    .map((chosen) => `{ __typename ${chosen.join(' ')} }`);
}

test('what is compiled is byte for byte what execution answers, for any selection of facts of any event', () => {
  const documents = fc
    .record({
      root: selectionOf(composite('StreamItem'), 3),
      shared: selectionOf(composite('Event'), 2),
      alias: fc.constantFrom('', 'a: '),
      isShared: fc.boolean(),
    })
    .map(({ root, shared, alias, isShared }) => {
      const events = `${alias}events ${isShared ? `{ ...Shared ...on StreamItem ${root} ...Shared }` : root}`;
      const fragment = isShared ? `fragment Shared on Event ${shared}` : '';
      return `subscription S($yes: Boolean!, $no: Boolean! = false) { ${events} } query Other { viewer { __typename } } ${fragment}`;
    });
  fc.assert(
    fc.property(documents, fc.constantFrom(...items, ...broken), (query, item) => {
      const document = parse(query);
      const problems = validate(schema, document).map(({ message }) => message);
      // `failure` is nullable in one type of event and not in another: both in one document are a conflict.
      fc.pre(!problems.some((message) => message.includes('conflict')));
      expect(problems.filter((message) => !message.includes('is never used'))).toEqual([]);
      const args = { schema, document, operationName: 'S', variableValues: { yes: true } };
      const executed = execute({ ...args, rootValue: item });
      // An error carries the path and, masked, an id: only execution makes them.
      const expected = 'errors' in executed ? null : JSON.stringify(executed);
      expect(compileAnswer(args)(item)).toBe(expected);
    }),
    { numRuns: 800 },
  );
});

const compiledOf = (query: string, item: object) =>
  compileAnswer({ schema, document: parse(query), variableValues: {} })(item);
const updated = items.find(({ type }) => type === 'account.updated');
const cancelled = items.find(({ type }) => type === 'sync.cancelled');

test('a type of event of which something is looked up is executed, the others are compiled', () => {
  const query = `subscription { events { cursor ... on SyncEvent { sync { id } } ... on AccountUpdatedEvent { changed } } }`;
  expect(compiledOf(query, updated!)).toBe('{"data":{"events":{"cursor":"ZXZ0OjEyMzo0","changed":["balance"]}}}');
  expect(compiledOf(query, cancelled!)).toBeNull();
});

test.each([...lookedUp])('%s is never compiled', (name) => {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) =>
      isObjectType(type) && type.getInterfaces().some((each) => each.name === 'StreamItem') && type.getFields()[name],
  );
  expect(types.length).toBeGreaterThan(0);
  for (const type of types) {
    const item = items.find((each) => streamItemTypeName(each) === type.name);
    expect(compiledOf(`subscription { events { ... on ${type.name} { ${name} { __typename } } } }`, item!)).toBeNull();
  }
});
