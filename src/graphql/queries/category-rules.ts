import { isId } from '../../kernel/id.ts';
import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { nodeFinders } from '../node-finders.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { scoped } from '../scope.ts';
import { categoryRulePage, categoryRuleType } from '../types/category-rule.ts';

builder.queryFields((t) => {
  nodeFinders.set('CategoryRule', {
    permission: 'transactions_read',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: ids.filter((id) => isId('categoryRule', id)) } });
      const query = t.drizzleQueryFromInfo('categoryRules', { context, info, where, columns: { id: true } });
      const rows = await context.db.query.categoryRules.findMany(query);
      return rows.map((row) => Object.assign(row, { __typename: 'CategoryRule', nodeKey: row.id }));
    },
  });
  return {
    categoryRules: t.drizzleConnection(
      {
        type: categoryRuleType,
        authScopes: { permission: 'transactions_read' },
        description: 'Category rules, the newest first; at most 100 at once. Scope: transactions_read.',
        args: { userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }) },
        maxSize: pageSizeMax,
        resolve: (query, _root, args, { db, viewer }) => {
          const userId = args.userId ? readId('User', args.userId, 'userId') : null;
          const orderBy = pageOrder(args, newestFirst('categoryRule'), pageSizeMax);
          return db.query.categoryRules.findMany(query({ where: scoped(viewer, {}, userId), orderBy }));
        },
      },
      categoryRulePage,
    ),
    categoryRule: t.drizzleField({
      type: categoryRuleType,
      nullable: true,
      authScopes: { permission: 'transactions_read' },
      description: 'One category rule; null when there is none with this id. Scope: transactions_read.',
      args: { id: t.arg.id({ required: true, description: 'The id of the rule.' }) },
      resolve: (query, _root, args, { db, viewer }) =>
        db.query.categoryRules.findFirst(
          query({ where: scoped(viewer, { id: readId('CategoryRule', args.id, 'id') }) }),
        ),
    }),
  };
});
