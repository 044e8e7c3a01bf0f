import { graphql, type ExecutionResult } from 'graphql';
import type { Connector } from '../../src/connectors/connector.ts';
import { createRegistry } from '../../src/connectors/registry.ts';
import { actorOf } from '../../src/domain/audit.ts';
import { permissions, type Permission, type Viewer } from '../../src/domain/viewer.ts';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { globalId, type IdTypeName } from '../../src/graphql/global-id.ts';
import { schema } from '../../src/graphql/schema.ts';
import { manualClock } from '../../src/kernel/clock.ts';
import type { ClientId, UserId } from '../../src/kernel/id.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { seededAt } from '../support/fixtures.ts';
import { houseContext } from '../support/house-context.ts';

/** A database, what was sent to it, and a way to ask the schema as somebody. */
export interface Graph {
  readonly database: TestDatabase;
  readonly statements: string[];
  ask(viewer: Viewer, source: string, variables?: Record<string, unknown>): Promise<ExecutionResult>;
}

/** A port that no test of this door reaches; touching it fails the test. */
function untouched<Port extends object>(name: string): Port {
  return new Proxy({} as Port, {
    get(_target, key) {
      throw new Error(`The test touched ${name}.${String(key)}.`);
    },
  });
}

/** The schema on a fresh database, with these banks behind it. */
export async function openGraph(connectors: readonly Connector[] = []): Promise<Graph> {
  const statements: string[] = [];
  const database = await testDatabase({ onStatement: (text) => statements.push(text) });
  const clock = manualClock(seededAt);
  const actions = await houseContext({ database, clock, connectors: createRegistry(connectors) });
  return {
    database,
    statements,
    async ask(viewer, source, variables) {
      const contextValue: GraphqlContext = {
        viewer,
        db: database.db,
        actions: { ...actions, actor: actorOf(viewer, '192.0.2.77') },
        psu: null,
        locale: 'en',
        ipAddress: '192.0.2.77',
        untilGone: () => new AbortController().signal,
        events: untouched('events'),
      };
      return graphql({ schema, source, contextValue, ...(variables ? { variableValues: variables } : {}) });
    },
  };
}

/** A client token with these scopes, all when absent. */
export function clientViewer(clientId: ClientId, scopes: readonly Permission[] = permissions): Viewer {
  return { kind: 'client', clientId, permissions: new Set(scopes) };
}

/** A user token with these scopes, all when absent. */
export function userViewer(
  { clientId, userId }: { clientId: ClientId; userId: UserId },
  scopes: readonly Permission[] = permissions,
): Viewer {
  return { kind: 'user', clientId, userId, permissions: new Set(scopes) };
}

export const anonymous: Viewer = { kind: 'anonymous' };

/** The id as the API shows it. */
export function shownId(typeName: IdTypeName | 'Category', id: string): string {
  return globalId(typeName, id);
}

/** The codes of the top-level errors. */
export function codesOf({ errors }: ExecutionResult): unknown[] {
  return (errors ?? []).map((error) => error.extensions['code']);
}
