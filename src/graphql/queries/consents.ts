import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { scoped } from '../scope.ts';
import { someOf } from '../some-of.ts';
import { consentPage, consentType } from '../types/consent.ts';
import { consentStatusEnum } from '../types/enums.ts';

builder.queryField('consents', (t) =>
  t.drizzleConnection(
    {
      type: consentType,
      authScopes: { permission: 'connections_read' },
      description: 'Consents, the newest first; at most 100 at once. Scope: connections_read.',
      args: {
        userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }),
        connectionId: t.arg.id({ description: 'Only of this connection.' }),
        statuses: t.arg({
          type: [consentStatusEnum],
          description: 'Only in one of these states; in any when absent or empty.',
        }),
      },
      maxSize: pageSizeMax,
      resolve: (query, _root, args, { db, viewer }) => {
        const userId = args.userId ? readId('User', args.userId, 'userId') : null;
        const statuses = someOf(args.statuses);
        const filter = {
          ...(args.connectionId ? { connectionId: readId('Connection', args.connectionId, 'connectionId') } : {}),
          ...(statuses ? { status: { in: statuses } } : {}),
        };
        return db.query.consents.findMany(
          query({
            where: scoped(viewer, filter, userId),
            orderBy: pageOrder(args, newestFirst('consent'), pageSizeMax),
          }),
        );
      },
    },
    consentPage,
  ),
);
