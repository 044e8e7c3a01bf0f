import { builder } from '../builder.ts';
import { offeredTo } from '../compile/offered-to.ts';
import { readId } from '../global-id.ts';
import { idPart, pageOrder, pageSizeMax, type ListOrder } from '../page.ts';
import { invalidArgument } from '../request-error.ts';
import { allOf } from '../scope.ts';
import { providerPage, providerType } from '../types/provider.ts';

const byName: ListOrder = {
  orderBy: { name: 'asc', id: 'asc' },
  isPart: [(value) => typeof value === 'string', idPart('provider')],
};

builder.queryFields((t) => ({
  providers: t.drizzleConnection(
    {
      type: providerType,
      authScopes: { token: true },
      description: 'The providers that can be linked, by name; at most 100 at once. Needs a token, of any scope.',
      args: {
        name: t.arg.string({
          description: 'Only where this text, from 1 to 100 characters in any case, is in the name.',
        }),
        bic: t.arg({ type: 'BIC', description: 'Only with this BIC; 8 characters find every branch.' }),
        country: t.arg({ type: 'CountryCode', description: 'Only of this country.' }),
      },
      maxSize: pageSizeMax,
      resolve: (query, _root, args, { db, viewer }) =>
        db.query.providers.findMany(
          query({
            where: { isEnabled: true, ...offeredTo(viewer), ...allOf(conditions(args)) },
            orderBy: pageOrder(args, byName, pageSizeMax),
          }),
        ),
    },
    providerPage,
  ),
  provider: t.drizzleField({
    type: providerType,
    nullable: true,
    authScopes: { token: true },
    description: 'One provider; null when there is none with this id. Needs a token, of any scope.',
    args: { id: t.arg.id({ required: true, description: 'The id of the provider.' }) },
    resolve: (query, _root, args, { db, viewer }) =>
      db.query.providers.findFirst(query({ where: { id: readId('Provider', args.id, 'id'), ...offeredTo(viewer) } })),
  }),
}));

interface Search {
  readonly name?: string | null | undefined;
  readonly bic?: string | null | undefined;
  readonly country?: string | null | undefined;
}

function conditions({ name, bic, country }: Search) {
  if (typeof name === 'string' && (name.length === 0 || name.length > 100)) {
    throw invalidArgument('name', 'must have from 1 to 100 characters.');
  }
  return [
    ...(name ? [{ name: { ilike: `%${name.replace(/[\\%_]/g, '\\$&')}%` } }] : []),
    ...(bic ? [{ bic: bic.length === 8 ? { like: `${bic}%` } : { eq: bic } }] : []),
    ...(country ? [{ country }] : []),
  ];
}
