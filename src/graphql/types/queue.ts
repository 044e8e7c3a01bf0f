import { consumerCharactersMax } from '../../actions/acknowledge-queue.ts';
import { defaultConsumer, consumerLag, pollQueue, type QueueBatch } from '../../events/queue.ts';
import type { QueueId } from '../../kernel/id.ts';
import { builder } from '../builder.ts';
import type { GraphqlContext } from '../context.ts';
import { globalId } from '../global-id.ts';
import { scopeOfViewer } from '../mutation.ts';
import { pageSizeMax } from '../page.ts';
import { invalidArgument } from '../request-error.ts';
import { eventInterface } from './event.ts';
import { eventTypeEnum } from './event-type-enum.ts';

const waitSecondsMax = 25;
const pollSizeDefault = 20;

const batchType = builder.objectRef<QueueBatch>('QueueBatch').implement({
  description: 'What a poll found.',
  fields: (t) => ({
    events: t.field({
      type: [eventInterface],
      description: 'The next events, oldest first; the same ones again until they are acknowledged.',
      resolve: ({ events }) => events,
    }),
    cursor: t.expose('cursor', {
      type: 'Cursor',
      description: 'What to acknowledge once these events are dealt with. It is a cursor of every transport.',
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'Whether more events wait behind these.' }),
  }),
});

interface Lag {
  readonly count: number;
  readonly isAtLeast: boolean;
  readonly oldestAt: Date | null;
}

const lagType = builder.objectRef<Lag>('QueueLag').implement({
  description: 'How far a consumer is behind.',
  fields: (t) => ({
    count: t.exposeInt('count', { description: 'Events that are not acknowledged, counted up to 1000.' }),
    isAtLeast: t.exposeBoolean('isAtLeast', { description: 'True when there may be more than were counted.' }),
    oldestOccurredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest of them happened; null when there is none.',
      resolve: ({ oldestAt }) => oldestAt,
    }),
  }),
});

builder.drizzleObject('consumers', {
  name: 'QueueConsumer',
  description: 'A reader of a queue with a cursor of its own. Its first acknowledgement makes it.',
  select: { columns: { queueId: true, name: true } },
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, unique in the queue.' }),
    cursor: t.expose('cursor', { type: 'Cursor', description: 'Up to here everything is acknowledged.' }),
    acknowledgedAt: t.expose('acknowledgedAt', { type: 'DateTime', description: 'When it last moved.' }),
    lag: t.field({
      type: lagType,
      description: 'How far it is behind.',
      resolve: ({ queueId, name }, _args, context) =>
        consumerLag(context.actions.database, scopeOfViewer(context), queueId, name),
    }),
  }),
});

export const queueType = builder.drizzleObject('queues', {
  name: 'Queue',
  description: 'A part of the log that is polled, with a cursor for each of its consumers.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { columns: { id: true } },
  fields: (t) => ({
    id: t.id({ description: 'Opaque id of the queue.', resolve: ({ id }) => globalId('Queue', id) }),
    name: t.exposeString('name', { nullable: true, description: 'A name of the client’s own.' }),
    types: t.field({
      type: [eventTypeEnum],
      description: 'Which events it shows; empty for all.',
      select: { columns: { types: true } },
      resolve: ({ types }) => types,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    consumers: t.relation('consumers', {
      description: 'Its consumers that have acknowledged something, by name.',
      query: { orderBy: { name: 'asc' } },
    }),
    lag: t.field({
      type: lagType,
      description: 'How far one consumer is behind, also one that has not begun.',
      args: { consumer: t.arg.string({ description: 'Which one; `default` when absent.' }) },
      resolve: ({ id }, { consumer }, context) =>
        consumerLag(context.actions.database, scopeOfViewer(context), id, readConsumer(consumer)),
    }),
    poll: t.field({
      type: batchType,
      description:
        'The next events of a consumer. It moves no cursor: what is not acknowledged comes again, so nothing is lost when a consumer dies. To look ahead, pass `after`.',
      args: {
        consumer: t.arg.string({ description: 'Which one; `default` when absent.' }),
        first: t.arg.int({ description: 'How many events at most, from 1 to 100; 20 when absent.' }),
        after: t.arg({ type: 'Cursor', description: 'Read on from here instead of from what is acknowledged.' }),
        waitSeconds: t.arg.int({
          description: 'How long to wait for an event when there is none, from 0 to 25; 0 when absent.',
        }),
      },
      resolve: ({ id }, args, context) => poll(context, id, args),
    }),
    user: t.relation('user', {
      nullable: true,
      authScopes: { permission: 'users_read' },
      description: 'The person whose events it shows; null when it shows those of all users. Scope: users_read.',
    }),
  }),
});

/** The consumer that an argument names; what acknowledging would refuse has nothing to poll either. */
function readConsumer(name: string | null | undefined): string {
  if (name === '' || (name && name.length > consumerCharactersMax)) {
    throw invalidArgument('consumer', `must have from 1 to ${consumerCharactersMax} characters.`);
  }
  return name ?? defaultConsumer;
}

interface PollArguments {
  readonly consumer?: string | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly waitSeconds?: number | null | undefined;
}

async function poll(context: GraphqlContext, id: QueueId, args: PollArguments): Promise<QueueBatch> {
  const limit = args.first ?? pollSizeDefault;
  const waitSeconds = args.waitSeconds ?? 0;
  if (limit < 1 || limit > pageSizeMax) throw invalidArgument('first', `must be from 1 to ${pageSizeMax}.`);
  if (waitSeconds < 0 || waitSeconds > waitSecondsMax) {
    throw invalidArgument('waitSeconds', `must be from 0 to ${waitSecondsMax}.`);
  }
  return pollQueue(context.actions.database, context.events, scopeOfViewer(context), id, {
    consumer: readConsumer(args.consumer),
    after: args.after ?? null,
    limit,
    waiting: waitSeconds > 0 ? AbortSignal.any([AbortSignal.timeout(waitSeconds * 1000), context.untilGone()]) : null,
  });
}

export const queuePage = builder.connectionObject(
  { type: queueType, name: 'QueueConnection', description: 'One page of queues.' },
  { description: 'A queue and its place in the list.' },
);
