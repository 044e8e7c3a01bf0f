import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { scoped } from '../scope.ts';
import { connectionPage, connectionType } from '../types/connection.ts';

builder.queryFields((t) => ({
  connections: t.drizzleConnection(
    {
      type: connectionType,
      authScopes: { permission: 'connections_read' },
      description: 'Links to providers, the newest first; at most 100 at once. Scope: connections_read.',
      args: {
        userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }),
        providerId: t.arg.id({ description: 'Only to this provider.' }),
      },
      maxSize: pageSizeMax,
      resolve: (query, _root, args, { db, viewer }) => {
        const userId = args.userId ? readId('User', args.userId, 'userId') : null;
        const filter = args.providerId ? { providerId: readId('Provider', args.providerId, 'providerId') } : {};
        return db.query.connections.findMany(
          query({
            where: scoped(viewer, filter, userId),
            orderBy: pageOrder(args, newestFirst('connection'), pageSizeMax),
          }),
        );
      },
    },
    connectionPage,
  ),
  connection: t.drizzleField({
    type: connectionType,
    nullable: true,
    authScopes: { permission: 'connections_read' },
    description: 'One link to a provider; null when there is none with this id. Scope: connections_read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the connection.' }) },
    resolve: (query, _root, args, { db, viewer }) =>
      db.query.connections.findFirst(query({ where: scoped(viewer, { id: readId('Connection', args.id, 'id') }) })),
  }),
}));
