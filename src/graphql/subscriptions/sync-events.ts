import { syncEventTypes } from '../../domain/event.ts';
import { builder } from '../builder.ts';
import { eventScope } from '../event-scope.ts';
import { streamItemInterface } from '../types/event.ts';

builder.subscriptionField('syncEvents', (t) =>
  t.field({
    type: streamItemInterface,
    authScopes: { permission: 'events_read' },
    description:
      'All that the syncs of a connection do: steps with progress, challenges, accounts, changed transactions, the end. Scope: events_read.',
    args: {
      connectionId: t.arg.id({ required: true, description: 'The connection.' }),
      after: t.arg({ type: 'Cursor', description: 'First what followed this event, then live. Absent: from now on.' }),
    },
    async subscribe(_root, args, context) {
      const { scope, ...narrowed } = await eventScope(context, args);
      return context.events.stream(scope, { after: args.after ?? null, types: syncEventTypes, ...narrowed });
    },
    resolve: (item) => item,
  }),
);
