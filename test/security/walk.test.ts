import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { permissions, type Viewer } from '../../src/domain/viewer.ts';
import { dump } from './dump.ts';
import { everything, freshId, openHouse, seedFullWorld, type House } from './house.ts';
import { documentOf, idRequests, rootFields, type IdRequest } from './requests.ts';
import { unscopedTables } from './unscoped.ts';
import { userTables } from './user-tables.ts';

/** What every token may read: the catalogues. */
const publicTypes = ['Provider', 'Category', 'ChannelDefinition'];

let house: House;
let intruders: Record<string, Viewer>;

beforeAll(async () => {
  house = await openHouse();
  const { clientId, userId } = house.stranger;
  intruders = {
    'another client': { kind: 'client', clientId, permissions: everything },
    'a user of another client': { kind: 'user', clientId, userId, permissions: everything },
    'another user of the same client': house.sibling,
  };
});
afterAll(() => house.close());

function idOf(request: IdRequest, ids: Readonly<Record<string, string>>): string {
  const id = ids[request.typeName];
  if (!id) throw new Error(`Seed a ${request.typeName} in seedFullWorld (test/security/house.ts) for ${request.name}.`);
  return id;
}

/** The answer for an id, with the id itself blotted out wherever it is repeated. */
async function answerFor(viewer: Viewer, request: IdRequest, id: string): Promise<string> {
  const { source, variables } = documentOf(request.kind, request.field, {
    path: request.path,
    id,
    otherIds: house.stranger.ids,
  });
  return JSON.stringify(await house.ask(viewer, source, variables)).replaceAll(id, 'ID');
}

const requests = idRequests(publicTypes);

test('there is something to walk', () => {
  expect(new Set(requests.map(({ kind }) => kind))).toEqual(new Set(['query', 'mutation', 'subscription']));
  expect(requests.length).toBeGreaterThan(20);
});

describe.each(requests.map((request) => [request.name, request] as const))('%s', (_name, request) => {
  test('tells an intruder nothing, not even that it exists, and changes nothing', async () => {
    const id = idOf(request, house.victim.ids);
    const before = await dump(house.database);
    for (const [who, viewer] of Object.entries(intruders)) {
      const answer = await answerFor(viewer, request, id);
      expect(answer, who).toBe(await answerFor(viewer, request, freshId(id)));
      expect(answer, who).not.toContain('victim-mark');
      expect(answer, who).not.toMatch(/"(INTERNAL|STREAM)"/);
    }
    expect(await dump(house.database)).toEqual(before);
  });

  test('wants a token, and the scope that its description names', async () => {
    const id = idOf(request, house.victim.ids);
    const { clientId, userId } = house.victim;
    const before = await dump(house.database);
    expect(await answerFor({ kind: 'anonymous' }, request, id)).toContain('"UNAUTHENTICATED"');
    const scope = permissions.find((name) => request.field.description?.includes(`Scope: ${name}`));
    // `node` and `nodes` name no scope of their own: the type decides.
    const lacking = scope ? permissions.filter((name) => name !== scope) : [];
    for (const viewer of [
      { kind: 'client', clientId, permissions: new Set(lacking) },
      { kind: 'user', clientId, userId, permissions: new Set(lacking) },
    ] as const) {
      const answer = await answerFor(viewer, request, id);
      expect(answer).toMatch(/"FORBIDDEN"/);
      expect(answer).not.toContain('victim-mark');
    }
    expect(await dump(house.database)).toEqual(before);
  });
});

describe('what the owner asks', () => {
  /** Written by no door, or read only below a delivery that was made. */
  const unreached = new Set(['event_streams', 'data_keys', 'webhook_attempts', 'spooled_entries']);
  const asked: string[] = [];

  test.each(
    (['query', 'subscription', 'mutation'] as const).flatMap((kind) =>
      rootFields(kind).map((field) => [`${kind} ${field.name}`, kind, field] as const),
    ),
  )('%s is answered', async (_name, kind, field) => {
    const own = kind === 'mutation' ? await seedFullWorld(house.database, `owner-${field.name}`) : house.victim;
    const owner: Viewer = { kind: 'client', clientId: own.clientId, permissions: everything };
    house.statements.length = 0;
    const answers: string[] = [];
    // Every id that the field can take, one after another: each way leads through other statements.
    const places = requests
      .filter((request) => request.field === field)
      .map(({ path, typeName }) => ({ path, typeName }));
    for (const { path, typeName } of places.length > 0 ? places : [{ path: null, typeName: '' }]) {
      const given = { path, id: own.ids[typeName] ?? null, otherIds: own.ids };
      const { source, variables } = documentOf(kind, field, given);
      const answer = await house.ask(owner, source, variables);
      answers.push(JSON.stringify(answer));
    }
    // A request may need more than one optional part; but if no way were a good one, this would be no test.
    const bad = /"(VALIDATION_FAILED|INTERNAL|FORBIDDEN|UNAUTHENTICATED)"/;
    expect(answers.filter((answer) => !bad.test(answer))).not.toEqual([]);
    expect(answers.filter((answer) => answer.includes('"INTERNAL"'))).toEqual([]);
    asked.push(...house.statements);
    const unscoped = [...new Set(house.statements)].filter((text) => unscopedTables(text, userTables).length > 0);
    expect(unscoped).toEqual([]);
  });

  test('leads through statements over nearly all tables of user data', () => {
    const named = [...userTables].filter((table) => asked.some((text) => text.includes(`"${table}"`)));
    const unnamed = [...userTables].filter((table) => !named.includes(table));
    expect(unnamed.filter((table) => !unreached.has(table))).toEqual([]);
  });
});
