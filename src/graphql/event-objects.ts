import DataLoader from 'dataloader';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import type { ClientId, UserId } from '../kernel/id.ts';
import type { GraphqlContext } from './context.ts';

type Db = GraphqlContext['db'];

/** Whose event it is: what it speaks of is looked for among this user's rows only. */
export interface Owner {
  readonly clientId: ClientId;
  /** Null for what the client has set up for itself. */
  readonly userId: UserId | null;
}

interface Key<Id extends string, Query> {
  readonly id: Id;
  readonly owner: Owner;
  readonly query: Query;
  /** Where in the document it is asked for: what is asked for there is the same for every event. */
  readonly fieldNodes: readonly FieldNode[];
}

interface Owners {
  readonly clientId: ClientId;
  readonly userIds: UserId[];
}

/**
 * How events find the things that they speak of: those of one type that a page of events asks for at one place of the
 * document are one statement. `find` gives the rows with these ids that belong to these owners, in any order, each with
 * its id and its user's; what is missing is null. Nothing is kept between statements: a stream shows things as they
 * are at each event.
 */
export function eventObject<Id extends string, Query, Row extends { readonly id: Id }>(
  find: (db: Db, query: Query, ids: Id[], owners: Owners) => PromiseLike<Row[]>,
  userIdOf: (row: Row) => UserId | null,
) {
  const loaders = new WeakMap<GraphqlContext, DataLoader<Key<Id, Query>, Row | null>>();

  function open({ db }: GraphqlContext) {
    return new DataLoader<Key<Id, Query>, Row | null>(
      async (keys) => {
        const groups = Map.groupBy(keys, ({ owner, fieldNodes }) => placeIn(keys, owner, fieldNodes));
        const found = await Promise.all([...groups.values()].map((group) => findGroup(db, group)));
        const rows = new Map(found.flat());
        return keys.map((key) => rows.get(key) ?? null);
      },
      { cache: false },
    );
  }

  async function findGroup(db: Db, group: readonly Key<Id, Query>[]): Promise<(readonly [Key<Id, Query>, Row])[]> {
    const [first] = group;
    if (!first) return [];
    const rows = await find(db, first.query, unique(group.map(({ id }) => id)), {
      clientId: first.owner.clientId,
      userIds: unique(group.flatMap(({ owner }) => owner.userId ?? [])),
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return group.flatMap((key) => {
      const row = byId.get(key.id);
      return row && userIdOf(row) === key.owner.userId ? [[key, row] as const] : [];
    });
  }

  return (
    context: GraphqlContext,
    { fieldNodes }: GraphQLResolveInfo,
    owner: Owner,
    id: Id,
    query: Query,
  ): Promise<Row | null> => {
    let loader = loaders.get(context);
    if (!loader) {
      loader = open(context);
      loaders.set(context, loader);
    }
    return loader.load({ id, owner, query, fieldNodes });
  };

  /** The first key that is asked for at the same place for the same client: the name of its group. */
  function placeIn(keys: readonly Key<Id, Query>[], owner: Owner, fieldNodes: readonly FieldNode[]) {
    return keys.find((key) => key.owner.clientId === owner.clientId && areSame(key.fieldNodes, fieldNodes));
  }
}

function areSame(left: readonly FieldNode[], right: readonly FieldNode[]): boolean {
  return left.length === right.length && left.every((node, index) => node === right[index]);
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
