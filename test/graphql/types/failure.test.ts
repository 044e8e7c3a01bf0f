import { GraphQLError } from 'graphql';
import { and, eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { failureCatalogue } from '../../../src/domain/failure-catalogue.ts';
import { Failure } from '../../../src/domain/failure.ts';
import { failureTypeOf } from '../../../src/graphql/failures.ts';
import { maskError } from '../../../src/graphql/mask-error.ts';
import { schema } from '../../../src/graphql/schema.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { connections } from '../../../src/store/schema/tables.ts';
import { seedWorld } from '../../support/fixtures.ts';
import { openGraph, userViewer } from '../execute.ts';

test('a failure that a row keeps is shown as the type of its code', async () => {
  const graph = await openGraph();
  const world = await seedWorld(graph.database);
  const failure = new Failure('CONSENT_EXPIRED', { retryAt: new Date('2026-03-03T00:00:00Z') }).toRecord();
  await graph.database.db
    .update(connections)
    .set({ status: 'ACTION_REQUIRED', failure })
    .where(and(eq(connections.id, world.connection.id), eq(connections.userId, world.userId)));
  const answer = await graph.ask(
    userViewer(world.scope),
    '{ connections { nodes { status failure { __typename code category actor recovery message retryAt } } } }',
  );
  expect(answer).toMatchInlineSnapshot(`
    {
      "data": {
        "connections": {
          "nodes": [
            {
              "failure": {
                "__typename": "ConsentFailure",
                "actor": "USER",
                "category": "CONSENT",
                "code": "CONSENT_EXPIRED",
                "message": "The consent has expired.",
                "recovery": "RENEW_CONSENT",
                "retryAt": "2026-03-03T00:00:00.000Z",
              },
              "status": "ACTION_REQUIRED",
            },
          ],
        },
      },
    }
  `);
});

test('every code of the catalogue has a type that implements Failure', () => {
  for (const code of Object.keys(failureCatalogue) as (keyof typeof failureCatalogue)[]) {
    expect(schema.getPossibleTypes(schema.getType('Failure') as never).map(({ name }) => name)).toContain(
      failureTypeOf(code),
    );
  }
});

test('what nobody expected reaches the log with an id, and the client gets only that id', () => {
  const logged: object[] = [];
  const mask = maskError({ ...silentLog, error: (fields) => logged.push(fields) });
  const bug = new Error('select secret from vault');
  const masked = mask(new GraphQLError('located', { originalError: bug, path: ['users', 0] })) as GraphQLError;
  expect(masked.message).not.toContain('secret');
  expect(masked.path).toEqual(['users', 0]);
  expect(masked.extensions['code']).toBe('INTERNAL');
  expect(logged).toEqual([{ err: bug, errorId: masked.extensions['errorId'], path: 'users.0' }]);
  expect(masked.message).toContain(String(masked.extensions['errorId']));
});

test('errors that were made for the client pass, and a Failure shows its public part', () => {
  const mask = maskError(silentLog);
  expect(mask(new GraphQLError('Cannot query field "x".'))).toMatchObject({
    extensions: { code: 'VALIDATION_FAILED' },
  });
  const failure = new Failure('BANK_TIMEOUT', { cause: new Error('10.0.0.7 timed out') });
  const masked = mask(new GraphQLError('located', { originalError: failure })) as GraphQLError;
  expect(masked).toMatchObject({ message: 'The bank did not answer in time.', extensions: { code: 'BANK_TIMEOUT' } });
  expect(JSON.stringify(masked)).not.toContain('10.0.0.7');
});
