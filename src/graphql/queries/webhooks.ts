import { isId } from '../../kernel/id.ts';
import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { nodeFinders } from '../node-finders.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { scoped } from '../scope.ts';
import { webhookPage, webhookType } from '../types/webhook.ts';

builder.queryFields((t) => {
  nodeFinders.set('Webhook', {
    permission: 'webhooks_manage',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: ids.filter((id) => isId('webhook', id)) } });
      const query = t.drizzleQueryFromInfo('webhooks', { context, info, where, columns: { id: true } });
      const rows = await context.db.query.webhooks.findMany(query);
      return rows.map((row) => Object.assign(row, { __typename: 'Webhook', nodeKey: row.id }));
    },
  });
  return {
    webhooks: t.drizzleConnection(
      {
        type: webhookType,
        authScopes: { permission: 'webhooks_manage' },
        description: 'Webhooks, the newest first; at most 100 at once. Scope: webhooks_manage.',
        args: { userId: t.arg.id({ description: 'Only those for the events of this user; absent: all.' }) },
        maxSize: pageSizeMax,
        resolve: (query, _root, args, { db, viewer }) => {
          const userId = args.userId ? readId('User', args.userId, 'userId') : null;
          const orderBy = pageOrder(args, newestFirst('webhook'), pageSizeMax);
          return db.query.webhooks.findMany(query({ where: scoped(viewer, {}, userId), orderBy }));
        },
      },
      webhookPage,
    ),
    webhook: t.drizzleField({
      type: webhookType,
      nullable: true,
      authScopes: { permission: 'webhooks_manage' },
      description: 'One webhook; null when there is none with this id. Scope: webhooks_manage.',
      args: { id: t.arg.id({ required: true, description: 'The id of the webhook.' }) },
      resolve: (query, _root, args, { db, viewer }) =>
        db.query.webhooks.findFirst(query({ where: scoped(viewer, { id: readId('Webhook', args.id, 'id') }) })),
    }),
  };
});
