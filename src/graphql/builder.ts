import SchemaBuilder from '@pothos/core';
import DrizzlePlugin from '@pothos/plugin-drizzle';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { getTableConfig } from 'drizzle-orm/pg-core';
import type { Permission } from '../domain/viewer.ts';
import { relations } from '../store/schema/relations.ts';
import type { GraphqlContext } from './context.ts';
import './loaded-columns.ts';
import { requirePermission, requireToken } from './permission.ts';

interface Scalar<Value> {
  Input: Value;
  Output: Value;
}

export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  DrizzleRelations: typeof relations;
  DefaultFieldNullability: false;
  AuthScopes: { token: boolean; permission: Permission };
  Scalars: {
    ID: Scalar<string>;
    DateTime: Scalar<Date>;
    Date: Scalar<string>;
    Decimal: Scalar<string>;
    CurrencyCode: Scalar<string>;
    IBAN: Scalar<string>;
    BIC: Scalar<string>;
    URL: Scalar<string>;
    CountryCode: Scalar<string>;
    Locale: Scalar<string>;
    Cursor: Scalar<string>;
  };
}>({
  plugins: [ScopeAuthPlugin, RelayPlugin, 'loadedColumns', DrizzlePlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authorizeOnSubscribe: true,
    authScopes: ({ viewer }) => ({
      token: () => requireToken(viewer),
      permission: (permission) => requirePermission(viewer, permission),
    }),
  },
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the plugin names two types but takes any scalar
    cursorType: 'Cursor' as string as 'String',
    nodesOnConnection: { description: 'The rows of this page, for who needs no cursor of each.' },
    nodeTypeOptions: { description: 'A thing that `node` and `nodes` find again by its id.' },
    idFieldOptions: { description: 'Opaque id, unique over all types; it never changes.' },
    pageInfoTypeOptions: { description: 'Where a page stands in its list.' },
    hasNextPageFieldOptions: { description: 'True when rows follow this page.' },
    hasPreviousPageFieldOptions: { description: 'True when rows come before this page.' },
    startCursorFieldOptions: { description: 'Cursor of the first row; null when the page is empty.' },
    endCursorFieldOptions: { description: 'Cursor of the last row; null when the page is empty.' },
    pageInfoFieldOptions: { description: 'Where this page stands, and how to go on.' },
    edgesFieldOptions: { description: 'The rows of this page, each with its cursor.' },
    nodeFieldOptions: { description: 'The row itself.' },
    cursorFieldOptions: { description: 'The place of this row in the list, for `after` or `before`.' },
    firstArgOptions: { description: 'How many rows to give, from the start or after `after`. 20 when absent.' },
    lastArgOptions: { description: 'How many rows to give, from the end or before `before`. Not with `first`.' },
    afterArgOptions: { description: 'Only rows that follow the one with this cursor.' },
    beforeArgOptions: { description: 'Only rows that come before the one with this cursor.' },
    defaultConnectionTypeOptions: { description: 'One page of a list.' },
    defaultEdgeTypeOptions: { description: 'A row of a list and its place.' },
  },
  drizzle: {
    client: (context) => context.db,
    relations,
    defaultConnectionSize: 20,
    // Ids are unique by themselves; the user beside them in the keys is for distribution, not for order.
    getTableConfig: (table) => {
      const config = getTableConfig(table);
      const id = config.columns.filter((column) => column.name === 'id');
      return { ...config, uniqueConstraints: id.length > 0 ? [{ columns: id }] : [] };
    },
  },
});

builder.queryType({ description: 'All that can be read. What a token may see is decided by its scopes and its user.' });
builder.mutationType({ description: 'All that can be changed. Expected failures are members of each result.' });
