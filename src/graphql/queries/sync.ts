import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { scoped } from '../scope.ts';
import { syncType } from '../types/sync.ts';

builder.queryField('sync', (t) =>
  t.drizzleField({
    type: syncType,
    nullable: true,
    authScopes: { permission: 'connections_read' },
    description: 'One run over a connection; null when there is none with this id. Scope: connections_read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the sync.' }) },
    resolve: (query, _root, args, { db, viewer }) =>
      db.query.syncs.findFirst(query({ where: scoped(viewer, { id: readId('Sync', args.id, 'id') }) })),
  }),
);
