import { consentEventTypes } from '../../domain/event.ts';
import { builder } from '../builder.ts';
import { eventScope } from '../event-scope.ts';
import { streamItemInterface } from '../types/event.ts';

builder.subscriptionField('consentEvents', (t) =>
  t.field({
    type: streamItemInterface,
    authScopes: { permission: 'events_read' },
    description:
      'The life of the consents of a connection: asked for, granted or rejected, expired, revoked. Scope: events_read.',
    args: {
      connectionId: t.arg.id({ required: true, description: 'The connection.' }),
      after: t.arg({ type: 'Cursor', description: 'First what followed this event, then live. Absent: from now on.' }),
    },
    async subscribe(_root, args, context) {
      const { scope, ...narrowed } = await eventScope(context, args);
      return context.events.stream(scope, { after: args.after ?? null, types: consentEventTypes, ...narrowed });
    },
    resolve: (item) => item,
  }),
);
