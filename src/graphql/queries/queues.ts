import { isId } from '../../kernel/id.ts';
import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { nodeFinders } from '../node-finders.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { scoped } from '../scope.ts';
import { queuePage, queueType } from '../types/queue.ts';

builder.queryFields((t) => {
  nodeFinders.set('Queue', {
    permission: 'events_read',
    async find(context, ids, info) {
      const where = scoped(context.viewer, { id: { in: ids.filter((id) => isId('queue', id)) } });
      const query = t.drizzleQueryFromInfo('queues', { context, info, where, columns: { id: true } });
      const rows = await context.db.query.queues.findMany(query);
      return rows.map((row) => Object.assign(row, { __typename: 'Queue', nodeKey: row.id }));
    },
  });
  return {
    queues: t.drizzleConnection(
      {
        type: queueType,
        authScopes: { permission: 'events_read' },
        description: 'Queues, the newest first; at most 100 at once. Scope: events_read.',
        args: { userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }) },
        maxSize: pageSizeMax,
        resolve: (query, _root, args, { db, viewer }) => {
          const userId = args.userId ? readId('User', args.userId, 'userId') : null;
          const orderBy = pageOrder(args, newestFirst('queue'), pageSizeMax);
          return db.query.queues.findMany(query({ where: scoped(viewer, {}, userId), orderBy }));
        },
      },
      queuePage,
    ),
    queue: t.drizzleField({
      type: queueType,
      nullable: true,
      authScopes: { permission: 'events_read' },
      description: 'One queue; null when there is none with this id. Scope: events_read.',
      args: { id: t.arg.id({ required: true, description: 'The id of the queue.' }) },
      resolve: (query, _root, args, { db, viewer }) =>
        db.query.queues.findFirst(query({ where: scoped(viewer, { id: readId('Queue', args.id, 'id') }) })),
    }),
  };
});
