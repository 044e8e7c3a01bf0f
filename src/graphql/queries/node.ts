import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { parseGlobalId } from '../global-id.ts';
import { nodeFinders, type FoundNode, type NodeTypeName } from '../node-finders.ts';
import { requirePermission } from '../permission.ts';
import { invalidArgument } from '../request-error.ts';
import { quoted } from '../scalars/define.ts';

const idCountMax = 100;

/** The things with these ids, in their order; null for what the viewer may not see. One statement for each type. */
async function findNodes(
  context: GraphqlContext,
  globalIds: readonly string[],
  argument: string,
  info: GraphQLResolveInfo,
): Promise<(FoundNode | null)[]> {
  const wanted = globalIds.map((text) => {
    const found = parseGlobalId(text);
    if (!found || !nodeFinders.has(found.typeName)) {
      throw invalidArgument(argument, `expected an id that this API gave, got ${quoted(text)}.`);
    }
    return found;
  });
  const found = new Map<string, FoundNode>();
  await Promise.all(
    [...Map.groupBy(wanted, ({ typeName }) => typeName)].map(async ([typeName, ids]) => {
      const nodes = await findOfType(
        context,
        typeName,
        ids.map(({ id }) => id),
        info,
      );
      for (const node of nodes) found.set(`${typeName}:${node.nodeKey}`, node);
    }),
  );
  return wanted.map(({ typeName, id }) => found.get(`${typeName}:${id}`) ?? null);
}

function findOfType(context: GraphqlContext, typeName: NodeTypeName, ids: string[], info: GraphQLResolveInfo) {
  const finder = nodeFinders.get(typeName);
  if (!finder) return [];
  if (finder.permission) requirePermission(context.viewer, finder.permission);
  return finder.find(context, ids, info);
}

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    authScopes: { token: true },
    description:
      'Anything by its id; null when there is none, or not for this token. Scope: that of the type’s own root.',
    args: { id: t.arg.id({ required: true, description: 'The id of any Node.' }) },
    resolve: async (_root, { id }, context, info) => (await findNodes(context, [id], 'id', info))[0] ?? null,
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    authScopes: { token: true },
    description: 'Things by their ids, in the same order, null for each that is not there; at most 100.',
    args: { ids: t.arg.idList({ required: true, description: 'Ids of any Nodes.' }) },
    resolve: (_root, { ids }, context, info) => {
      if (ids.length > idCountMax) throw invalidArgument('ids', `at most ${idCountMax} ids.`);
      return findNodes(context, ids, 'ids', info);
    },
  }),
}));
