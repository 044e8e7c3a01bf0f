import { builder } from '../builder.ts';
import { namedBy } from '../compile/named-by.ts';
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
          description:
            'Only where each word of this text, from 1 to 100 characters, is in a word of the name or of a group; case and accents do not matter.',
        }),
        bic: t.arg({
          type: 'BIC',
          description: 'Only with this BIC; 8 characters find every branch, 11 also the bank as a whole.',
        }),
        country: t.arg({ type: 'CountryCode', description: 'Only of this country.' }),
        group: t.arg.string({ description: 'Only of this group, by its name as "groups" gives it.' }),
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
  readonly group?: string | null | undefined;
}

function conditions({ name, bic, country, group }: Search) {
  return [
    ...(typeof name === 'string' ? wordsOf(name).map(namedBy) : []),
    ...(bic ? [bicCondition(bic)] : []),
    ...(country ? [{ country }] : []),
    ...(group ? [{ groups: { arrayContains: [group] } }] : []),
  ];
}

const wordsMax = 8;

function wordsOf(name: string): string[] {
  if (name.length === 0 || name.length > 100) throw invalidArgument('name', 'must have from 1 to 100 characters.');
  const words = name.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.length === 0) throw invalidArgument('name', 'must have a letter or a digit.');
  if (words.length > wordsMax) throw invalidArgument('name', `must have at most ${wordsMax} words.`);
  return words;
}

/** An entry without branch stands for all branches; so does, written out, the one that ends in XXX. */
function bicCondition(bic: string) {
  if (bic.length === 11) return { bic: { in: [bic, bic.slice(0, 8), `${bic.slice(0, 8)}XXX`] } };
  return { bic: { gte: bic, lt: `${bic}\u{10FFFF}` } };
}
