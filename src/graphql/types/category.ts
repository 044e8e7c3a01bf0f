import { builder } from '../builder.ts';
import { globalId } from '../global-id.ts';

export const categoryType = builder.drizzleObject('categories', {
  name: 'Category',
  description: 'What a transaction was for. Two levels: a primary has children, a leaf has a parent.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { key: true } },
  fields: (t) => ({
    id: t.id({
      description: 'Opaque id; the same for every user and every installation.',
      resolve: ({ key }) => globalId('Category', key),
    }),
    key: t.exposeString('key', { description: 'Stable name for code, such as `GROCERIES`.' }),
    label: t.string({
      description: 'Name for a person, in English or French.',
      args: { locale: t.arg({ type: 'Locale', description: 'Which language; that of the request when absent.' }) },
      select: { columns: { labelEn: true, labelFr: true } },
      resolve: ({ labelEn, labelFr }, args, context) =>
        (args.locale ?? context.locale).startsWith('fr') ? labelFr : labelEn,
    }),
    parent: t.relation('parent', { nullable: true, description: 'The primary above a leaf; null for a primary.' }),
    children: t.relation('children', {
      description: 'The leaves below a primary; empty for a leaf.',
      query: { orderBy: { position: 'asc' } },
    }),
  }),
});
