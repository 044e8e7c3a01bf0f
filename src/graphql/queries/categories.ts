import { builder } from '../builder.ts';
import { readCategoryKey } from '../global-id.ts';
import { categoryType } from '../types/category.ts';

builder.queryFields((t) => ({
  categories: t.drizzleField({
    type: [categoryType],
    authScopes: { token: true },
    description: 'The primary categories in their order; `children` has the leaves. Needs a token, of any scope.',
    resolve: (query, _root, _args, { db }) =>
      db.query.categories.findMany(query({ where: { parentKey: { isNull: true } }, orderBy: { position: 'asc' } })),
  }),
  category: t.drizzleField({
    type: categoryType,
    nullable: true,
    authScopes: { token: true },
    description: 'One category; null when there is none with this id. Needs a token, of any scope.',
    args: { id: t.arg.id({ required: true, description: 'The id of the category.' }) },
    resolve: (query, _root, args, { db }) =>
      db.query.categories.findFirst(query({ where: { key: readCategoryKey(args.id, 'id') } })),
  }),
}));
