import { builder } from '../builder.ts';
import { eventScope } from '../event-scope.ts';
import { someOf } from '../some-of.ts';
import { eventTypeEnum } from '../types/event-type-enum.ts';
import { streamItemInterface } from '../types/event.ts';

builder.subscriptionField('events', (t) =>
  t.field({
    type: streamItemInterface,
    authScopes: { permission: 'events_read' },
    description:
      'Every event of the token’s user, or of all users of the client. Those of one user come in the order of `sequence`. Scope: events_read.',
    args: {
      after: t.arg({ type: 'Cursor', description: 'First what followed this event, then live. Absent: from now on.' }),
      types: t.arg({ type: [eventTypeEnum], description: 'Only events of these types; all when absent or empty.' }),
      userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }),
      connectionId: t.arg.id({ description: 'Only about this connection.' }),
    },
    async subscribe(_root, args, context) {
      const { scope, ...narrowed } = await eventScope(context, args);
      const types = someOf(args.types);
      return context.events.stream(scope, { after: args.after ?? null, ...(types ? { types } : {}), ...narrowed });
    },
    resolve: (item) => item,
  }),
);
