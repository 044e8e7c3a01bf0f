import type { GraphQLResolveInfo } from 'graphql';
import type { Permission } from '../domain/viewer.ts';
import type { GraphqlContext } from './context.ts';
import type { IdTypeName } from './global-id.ts';

export type NodeTypeName = IdTypeName | 'Category';

/** How `node` and `nodes` find things of one type. */
export interface NodeFinder {
  /** The scope that the type's own root wants; null for what any token may read. */
  readonly permission: Permission | null;
  /**
   * What the viewer may see of these inner ids, in any order, in one statement; what is missing is left out. Each
   * carries its `__typename`, and the inner id under which it was asked for as `nodeKey`.
   */
  find(context: GraphqlContext, ids: readonly string[], info: GraphQLResolveInfo): PromiseLike<FoundNode[]>;
}

export interface FoundNode {
  readonly __typename: string;
  readonly nodeKey: string;
}

/** The finder of each type that is a Node; types add themselves. */
export const nodeFinders = new Map<NodeTypeName, NodeFinder>();
