import type { Viewer } from '../../domain/viewer.ts';
import { builder } from '../builder.ts';

export const viewerType = builder.objectRef<Exclude<Viewer, { kind: 'anonymous' }>>('Viewer').implement({
  description: 'Who asks: what the access token stands for.',
  fields: (t) => ({
    scopes: t.stringList({
      description: 'What the token allows, as OAuth names it, such as `accounts_read`; in alphabetical order.',
      resolve: ({ permissions }) => [...permissions].toSorted(),
    }),
    client: t.drizzleField({
      type: 'clients',
      nullable: true,
      description: 'The application that asks.',
      resolve: async (query, { clientId }, _args, { db }) =>
        (await db.query.clients.findFirst(query({ where: { id: clientId } }))) ?? null,
    }),
    user: t.drizzleField({
      type: 'users',
      nullable: true,
      description: 'The person for whom a user token asks; null for a client token.',
      resolve: async (query, viewer, _args, { db }) =>
        viewer.kind === 'user'
          ? ((await db.query.users.findFirst(query({ where: { id: viewer.userId, clientId: viewer.clientId } }))) ??
            null)
          : null,
    }),
  }),
});
