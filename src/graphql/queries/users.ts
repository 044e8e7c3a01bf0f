import { builder } from '../builder.ts';
import { readId } from '../global-id.ts';
import { newestFirst, pageOrder, pageSizeMax } from '../page.ts';
import { scopedUsers } from '../scope.ts';
import { userPage, userType } from '../types/user.ts';

builder.queryFields((t) => ({
  users: t.drizzleConnection(
    {
      type: userType,
      authScopes: { permission: 'users_read' },
      description: 'The users of the client, the newest first; at most 100 at once. Scope: users_read.',
      maxSize: pageSizeMax,
      resolve: (query, _root, args, { db, viewer }) =>
        db.query.users.findMany(
          query({
            where: scopedUsers(viewer, {}),
            orderBy: pageOrder(args, newestFirst('user'), pageSizeMax),
          }),
        ),
    },
    userPage,
  ),
  user: t.drizzleField({
    type: userType,
    nullable: true,
    authScopes: { permission: 'users_read' },
    description: 'One user; null when there is none with this id. Scope: users_read.',
    args: { id: t.arg.id({ required: true, description: 'The id of the user.' }) },
    resolve: (query, _root, args, { db, viewer }) =>
      db.query.users.findFirst(query({ where: scopedUsers(viewer, { id: readId('User', args.id, 'id') }) })),
  }),
}));
