import type { LogEntry } from '../../domain/event.ts';
import { isId } from '../../kernel/id.ts';
import { builder } from '../builder.ts';
import { eventScope } from '../event-scope.ts';
import { nodeFinders } from '../node-finders.ts';
import { pageSizeMax } from '../page.ts';
import { invalidArgument, unauthenticated } from '../request-error.ts';
import { someOf } from '../some-of.ts';
import { scopeOf } from '../../domain/viewer.ts';
import { eventInterface, eventTypeName } from '../types/event.ts';
import { eventTypeEnum } from '../types/event-type-enum.ts';

const pageSizeDefault = 20;

builder.queryField('events', (t) =>
  t.connection(
    {
      type: eventInterface,
      authScopes: { permission: 'events_read' },
      description:
        'The log, oldest first, at most 100 events at once; `last` gives the newest. Its cursors are those of the subscriptions. Scope: events_read.',
      args: {
        types: t.arg({ type: [eventTypeEnum], description: 'Only events of these types; all when absent or empty.' }),
        userId: t.arg.id({ description: 'Only of this user; a user token needs none.' }),
        connectionId: t.arg.id({ description: 'Only about this connection.' }),
      },
      async resolve(_root, args, context) {
        const { scope, ...narrowed } = await eventScope(context, args);
        const isBackward = typeof args.last === 'number' || (args.before && typeof args.first !== 'number');
        const limit = sizeOf(args, isBackward ? 'last' : 'first');
        const types = someOf(args.types);
        const filter = { limit, ...narrowed, ...(types ? { types } : {}) };
        const page = isBackward
          ? await context.events.readBack(scope, { before: args.before ?? null, ...filter })
          : await context.events.read(scope, { after: args.after ?? null, ...filter });
        return {
          edges: page.events.map((event) => ({ cursor: event.cursor, node: event })),
          pageInfo: {
            hasNextPage: isBackward ? Boolean(args.before) : page.hasMore,
            hasPreviousPage: isBackward ? page.hasMore : Boolean(args.after),
            startCursor: page.events[0]?.cursor ?? null,
            endCursor: page.events.at(-1)?.cursor ?? null,
          },
        };
      },
    },
    { name: 'EventConnection', description: 'One page of events.' },
    { name: 'EventEdge', description: 'An event and its place in the log.' },
  ),
);

interface PageArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

function sizeOf(args: PageArguments, used: 'first' | 'last'): number {
  const isMixed = used === 'last' ? (args.first ?? args.after) : (args.last ?? args.before);
  if (isMixed !== undefined && isMixed !== null) {
    throw invalidArgument(used, 'use "first" with "after", or "last" with "before".');
  }
  const size = args[used] ?? pageSizeDefault;
  if (size < 0 || size > pageSizeMax) throw invalidArgument(used, `must be from 0 to ${pageSizeMax}, not ${size}.`);
  return size;
}

nodeFinders.set('Event', {
  permission: 'events_read',
  async find({ viewer, events }, ids) {
    const scope = scopeOf(viewer);
    if (!scope) throw unauthenticated();
    const found = await events.find(
      scope,
      ids.filter((id) => isId('event', id)),
    );
    return found
      .filter((event): event is LogEntry => event !== null)
      .map((event) => ({
        ...event,
        __typename: eventTypeName(event.type),
        nodeKey: event.id,
      }));
  },
});
