import { builder } from '../builder.ts';
import { failureInterface } from '../failures.ts';
import { globalId } from '../global-id.ts';
import { channelKindEnum, channelStatusEnum } from './enums.ts';

builder.drizzleObject('channels', {
  name: 'Channel',
  description: 'One way in which a connection reaches its provider, with a consent and a state of its own.',
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the channel.', resolve: ({ id }) => globalId('Channel', id) }),
    kind: t.expose('kind', { type: channelKindEnum, description: 'How it reaches the provider.' }),
    status: t.expose('status', { type: channelStatusEnum, description: 'Whether it can be read.' }),
    failure: t.field({
      type: failureInterface,
      nullable: true,
      description: 'Why it cannot be read; null when it can.',
      select: { columns: { failure: true } },
      resolve: ({ failure }) => failure,
    }),
    lastSyncedAt: t.expose('lastSyncedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last read with success.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime', description: 'When it last changed.' }),
    definition: t.relation('definition', { description: 'What the provider offers on it.' }),
    connection: t.relation('connection', { description: 'The connection that it belongs to.' }),
  }),
});
